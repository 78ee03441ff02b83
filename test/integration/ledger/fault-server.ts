/** A Layer on 127.0.0.1 that answers as a test tells it, faults included. */

import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: string
  /** how often this URL was asked for, this time included */
  count: number
}

export interface Answer {
  status?: number
  headers?: Record<string, string>
  /** objects are sent as JSON */
  body?: string | Buffer | object
  /** none: never answers. cut: breaks the connection after the body. stall: falls silent after it. trickle: goes on with blanks */
  fault?: 'none' | 'cut' | 'stall' | 'trickle'
}

export interface FaultServer {
  base_url: string
  asked: Asked[]
  close(): Promise<void>
}

/** A blank in every twentieth of a second, as long as there is a connection. */
function trickle(response: ServerResponse): void {
  const timer = setInterval(() => response.write(' '), 50)
  response.once('close', () => clearInterval(timer))
}

export async function startFaultServer(answer: (asked: Asked) => Answer): Promise<FaultServer> {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += String(piece)
    const url = request.url ?? ''
    const count = asked.filter((earlier) => earlier.url === url).length + 1
    const own = { method: request.method ?? '', url, headers: request.headers, body, count }
    asked.push(own)
    const { status = 200, headers = {}, body: content = [], fault } = answer(own)
    if (fault === 'none') return
    const bytes = typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content)
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    if (fault === undefined) {
      response.end(bytes)
      return
    }
    // written before the connection breaks, so that it arrives
    response.write(bytes, () => {
      if (fault === 'trickle') trickle(response)
      if (fault === 'cut') setImmediate(() => response.socket?.resetAndDestroy())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    base_url: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
