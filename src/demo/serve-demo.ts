/** `tieout sandbox`: serves the demo's books, or those of a seed file, until it is told to stop. */

import { UsageFault } from '../errors.ts'
import type { Command, Result } from '../job.ts'
import { startSandbox } from '../sandbox/server.ts'
import { HARBOR } from './demo-config.ts'
import { demoNights } from './files.ts'

export interface SandboxFlags {
  port: string
  token: string
  /** a seed file; the demo's second night where there is none */
  seed?: string
  persist?: string
}

export const serveDemo = async (command: Command, flags: SandboxFlags): Promise<Result> => {
  const { port, token, seed, persist = null } = flags
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new UsageFault(`--port ${port}: expected a number from 0 to 65535`)
  }
  const options = { seed: seed ?? demoNights()[1].seed, port: Number(port), token, persist }
  const server = await startSandbox(options).catch((cause: unknown) => {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')) throw cause
    throw new UsageFault(`--port ${port}: something listens there already; name another, or 0 for any`, { cause })
  })
  command.onEnd(server.close)
  const example = `curl -H 'authorization: Bearer ${token}' ${server.url}/v1/businesses/${HARBOR}/invoices/refunds`
  process.stderr.write(`Layer's refunds API at ${server.url}, on this machine only; stop with Ctrl-C.\n  ${example}\n`)
  await command.untilStopped()
  return { text: '', document: null }
}
