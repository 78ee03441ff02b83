/** `tieout sandbox`: serves the demo's books, or those of a seed file, until it is told to stop. */

import { UsageFault } from '../core/errors.ts'
import type { Command, Result } from '../job.ts'
import { readSandboxFlags, type SandboxFlags } from '../sandbox/sandbox-flags.ts'
import { startSandbox } from '../sandbox/server.ts'
import { HARBOR } from './demo-config.ts'
import { demoNights } from './files.ts'

export type { SandboxFlags }

export const serveDemo = async (command: Command, flags: SandboxFlags): Promise<Result> => {
  const { port, token, seed } = flags
  const options = { ...readSandboxFlags(flags), seed: seed ?? demoNights()[1].seed }
  const server = await startSandbox(options).catch((cause: unknown) => {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')) throw cause
    throw new UsageFault(`--port ${port}: something listens there already; name another, or 0 for any`, { cause })
  })
  command.onEnd(server.close)
  const example = `curl -H 'authorization: Bearer ${token}' ${server.url}/v1/businesses/${HARBOR}/invoices/refunds`
  const settings = `For tieout.yaml:\n  layer:\n    base_url: ${server.url}\n    token: ${token}\n`
  process.stderr.write(
    `Layer's refunds API at ${server.url}, on this machine only; stop with Ctrl-C.\n  ${example}\n${settings}`,
  )
  await command.untilStopped()
  return { text: '', document: null }
}
