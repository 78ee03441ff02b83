/** A small stand-in for Layer's listings, over real HTTP on this machine. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Layer {
  url: string
  close(): Promise<void>
}

/** Answers every request with what `answer` writes. */
export const layerThat = async (
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Layer> => {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Serves these customer refunds, and no vendor refunds, to who has the token. */
export const layerWith = (refunds: readonly object[], token: string): Promise<Layer> =>
  layerThat((request, response) => {
    const known = request.headers.authorization === `Bearer ${token}`
    const body = known
      ? request.url?.includes('/invoices/')
        ? refunds
        : []
      : { type: 'AuthFailure', description: `no ${request.headers.authorization}` }
    response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
