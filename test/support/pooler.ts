/** A small connection pooler as PgBouncer is one: each transaction, or each session, is given any free connection. */

import { type AddressInfo, createServer } from 'node:net'
import type { Duplex } from 'node:stream'
import { Client } from 'pg'

export interface Pooler {
  readonly url: string
  close(): Promise<void>
}

const READY = 'Z'.charCodeAt(0)
const IDLE = 'I'.charCodeAt(0)
const TERMINATE = 'X'.charCodeAt(0)

/** Gives each whole message of a type byte and a length. */
function messages(onMessage: (message: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 5 && rest.length >= 1 + rest.readInt32BE(1)) {
      const end = 1 + rest.readInt32BE(1)
      onMessage(Buffer.from(rest.subarray(0, end)))
      rest = rest.subarray(end)
    }
  }
}

const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

/** What a client is told on connecting: it is let in, under a process id that is the pooler's invention. */
const WELCOME = Buffer.concat([
  message('R', Buffer.alloc(4)),
  message('S', Buffer.from('server_version\0' + '18.0\0')),
  message('S', Buffer.from('client_encoding\0' + 'UTF8\0')),
  message('K', Buffer.from([0, 0, 0, 7, 0, 0, 0, 7])),
  message('Z', Buffer.from('I')),
])

/** A pooler in front of the server of a URL. */
export async function startPooler(url: string, mode: 'transaction' | 'session'): Promise<Pooler> {
  const free: Duplex[] = []
  const all = new Set<Duplex>()

  /** A connection that is let in; the driver that did it is done with. */
  const open = async (): Promise<Duplex> => {
    const client = new Client(url)
    await client.connect()
    const { stream } = Reflect.get(client, 'connection')
    stream.removeAllListeners('data').removeAllListeners('end').removeAllListeners('close')
    all.add(stream)
    return stream
  }

  const serve = (client: Duplex): void => {
    let upstream: Promise<Duplex> | null = null
    const give = (socket: Duplex): void => {
      upstream = null
      socket.removeAllListeners('data')
      free.unshift(socket)
    }
    const take = async (): Promise<Duplex> => {
      const socket = free.shift() ?? (await open())
      const read = messages((each) => {
        client.write(each)
        if (mode === 'transaction' && each[0] === READY && each[5] === IDLE) give(socket)
      })
      return socket.on('data', read)
    }
    let asking = Promise.resolve()
    const read = messages((each) => {
      asking = asking.then(async () => {
        if (each[0] === TERMINATE) return
        upstream ??= take()
        const socket = await upstream
        socket.write(each)
      })
    })
    client.once('data', () => {
      client.write(WELCOME)
      client.on('data', read)
    })
    client.on('error', () => client.destroy())
    // of a session: what it set and locked must not stay
    client.on('close', () => void upstream?.then((socket) => socket.destroy()))
    all.add(client)
  }
  const server = createServer(serve)
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  // any user is let in; on Citus the nodes are connected to as this one
  const { user = '', password, database } = new Client(url)
  return {
    url: `postgres://${encodeURIComponent(user)}:${encodeURIComponent(String(password ?? ''))}@127.0.0.1:${port}/${database}?sslmode=disable`,
    async close() {
      for (const socket of all) socket.destroy()
      await new Promise((closed) => server.close(closed))
    },
  }
}
