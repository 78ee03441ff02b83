/** The flags of `tieout sandbox`, read into the sandbox's options. */

import { UsageFault } from '../core/errors.ts'
import { FAULTS } from './faults.ts'
import type { SandboxOptions } from './server.ts'

/** As they stand on the command line. */
export interface SandboxFlags {
  port: string
  token: string
  /** a seed file; other books where there is none */
  seed?: string
  persist?: string
  mode?: string
  pageSize?: string
  fault?: string
  faultCount?: string
  /** ID:SECRET */
  client?: string
}

/** How late `--fault slow` answers: later than the first attempt of a pull waits. */
const SLOW_MS = 15_000

const whole = (flag: string, text: string, least: number, most: number): number => {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= most) return number
  throw new UsageFault(`${flag} ${text}: expected a number from ${least} to ${most}`)
}

/** Throws UsageFault naming the flag, what was found and what was expected. */
export function readSandboxFlags(flags: SandboxFlags): Omit<SandboxOptions, 'seed'> {
  const { mode = 'bare', fault, faultCount = '2' } = flags
  if (mode !== 'bare' && mode !== 'data') throw new UsageFault(`--mode ${mode}: expected bare or data`)
  const known = FAULTS.find((name) => name === fault)
  if (fault !== undefined && known === undefined) {
    throw new UsageFault(`--fault ${fault}: expected one of ${FAULTS.join(', ')}`)
  }
  const count = faultCount === 'always' ? Number.POSITIVE_INFINITY : whole('--fault-count', faultCount, 1, 1_000_000)
  return {
    port: whole('--port', flags.port, 0, 65_535),
    token: flags.token,
    mode,
    page_size: whole('--page-size', flags.pageSize ?? '100', 1, 1000),
    fault: known === undefined ? null : { fault: known, count, delay_ms: SLOW_MS },
    persist: flags.persist ?? null,
    client: flags.client === undefined ? null : clientOf(flags.client),
  }
}

function clientOf(text: string): { client_id: string; client_secret: string } {
  const colon = text.indexOf(':')
  if (colon > 0 && colon < text.length - 1) {
    return { client_id: text.slice(0, colon), client_secret: text.slice(colon + 1) }
  }
  throw new UsageFault('--client: expected ID:SECRET')
}
