/** Stands between a client and Postgres, and counts the statements that the server completed, whoever sent them and how. */

import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { Client } from 'pg'

export interface CountingProxy {
  /** the server's URL, by way of the proxy */
  readonly url: string
  /** what was completed since it was last asked: 'BEGIN', 'SELECT 3', ... */
  taken(): string[]
  close(): Promise<void>
}

const COMMAND_COMPLETE = 'C'.charCodeAt(0)

/**
 * Reads the server's side of the connection: messages of a type byte and a length. Each statement ends with one
 * CommandComplete, several in one string too.
 */
function readCompleted(socket: Socket, onCompleted: (tag: string) => void): void {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (rest.length >= 5) {
      const end = 1 + rest.readInt32BE(1)
      if (rest.length < end) return
      if (rest[0] === COMMAND_COMPLETE) onCompleted(rest.toString('latin1', 5, end - 1))
      rest = rest.subarray(end)
    }
  })
}

/** Opens a proxy to the server of a URL; the connection must be without TLS. */
export async function countingProxy(url: string): Promise<CountingProxy> {
  // nothing is connected: it only reads the URL as the product's driver does
  const { host, port, user, password, database } = new Client(url)
  let completed: string[] = []
  const sockets = new Set<Socket>()
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
  }
  const server = createServer((client) => {
    const upstream = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
    readCompleted(keep(upstream), (tag) => completed.push(tag))
    keep(client).pipe(upstream).pipe(client)
  })
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready))
  const own = server.address() as AddressInfo
  const login = [user, password].flatMap((part) => (part == null ? [] : encodeURIComponent(part))).join(':')
  return {
    url: `postgres://${login}@127.0.0.1:${own.port}/${database}`,
    taken() {
      const taken = completed
      completed = []
      return taken
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((closed) => server.close(closed))
    },
  }
}
