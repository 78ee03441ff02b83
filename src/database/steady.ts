/** One connection for what is asked one after the other, so that its statements are planned once. */

interface Connection {
  release(broken?: Error): void
  once(event: 'end', work: () => void): unknown
}

/** A connection to work on, to be given back. */
export interface Taken<C> {
  client: C
  release(broken?: Error): void
}

/**
 * Takes connections of a pool. Steadily: the first one while it is free. A pool gives that which came back last, so that
 * after work side by side another one goes on, and plans all statements anew.
 */
export function takeFrom<C extends Connection>(connect: () => Promise<C>, is_steady: boolean): () => Promise<Taken<C>> {
  let first: C | null = null
  let is_free = false
  const forget = (client: C, broken: Error): void => {
    first = null
    client.release(broken)
  }
  const giveBack = (client: C, broken?: Error): void => {
    if (client !== first) client.release(broken)
    else if (broken !== undefined) forget(client, broken)
    else is_free = true
  }
  const open = async (): Promise<C> => {
    const client = await connect()
    if (first !== null || !is_steady) return client
    first = client
    is_free = false
    client.once('end', () => (client === first && is_free ? forget(client, new Error('it ended')) : undefined))
    return client
  }
  return async () => {
    let client = first
    if (client !== null && is_free) is_free = false
    else client = await open()
    return { client, release: (broken) => giveBack(client, broken) }
  }
}
