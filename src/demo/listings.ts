/** The demo's refunds on a local address, as Layer's listings give them. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Night } from './files.ts'

export interface Served {
  url: string
  close(): Promise<void>
}

export const serveListings = async (night: Night, port: number, token: string): Promise<Served> => {
  const server = createServer((request, response) => {
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    if (request.headers.authorization !== `Bearer ${token}`)
      send(401, { type: 'AuthFailure', description: 'no such token' })
    else if (request.url?.endsWith('/invoices/refunds')) send(200, night.customer)
    else if (request.url?.endsWith('/bills/refunds')) send(200, night.vendor)
    else send(404, { type: 'ResourceNotFound', description: 'no such listing' })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { port: chosen } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${chosen}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
