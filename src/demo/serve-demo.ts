/** `tieout sandbox`: serves the demo's last night until it is told to stop. */

import { UsageFault } from '../errors.ts'
import type { Command, Result } from '../job.ts'
import { HARBOR } from './demo-config.ts'
import { demoNights } from './files.ts'
import { serveListings } from './listings.ts'

export const serveDemo = async (command: Command, port: string, token: string): Promise<Result> => {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new UsageFault(`--port ${port}: expected a number from 0 to 65535`)
  }
  const [, night] = demoNights()
  const server = await serveListings(night, Number(port), token)
  command.onEnd(server.close)
  process.stderr.write(`Serving the refunds of business ${HARBOR} at ${server.url}; stop with Ctrl-C.\n`)
  process.stderr.write(
    `  curl -H 'authorization: Bearer ${token}' ${server.url}/v1/businesses/${HARBOR}/invoices/refunds\n`,
  )
  await command.untilStopped()
  return { text: '', document: null }
}
