/** What to measure, and at which sizes: the flags of `npm run bench -- ...`. */

import { parseArgs } from 'node:util'

/** In the order in which they run. */
const MEASURES = ['import', 'pull', 'reconcile', 'report', 'nights', 'nightly', 'platform', 'desk'] as const
export type MeasureName = (typeof MEASURES)[number]

export interface Asked {
  only: ReadonlySet<MeasureName>
  /** lines of a processor's file, legs and rows of a reconciliation, both sides of a whole night */
  size: number
  /** refunds of a pull */
  refunds: number
  /** refunds of the long history, beside one of a quarter */
  history: number
  /** new refunds of a night */
  night: number
  /** ends with 1 where something is beyond its bound */
  check: boolean
}

const HELP = `npm run bench -- [flags]

  --size N      lines of the imported file, legs and rows of the reconciliation, both sides of the whole night;
                findings of the desk; of a platform a thousandth is so many businesses of 50 refunds, a fifth of these of 5,000,
                and twice as many of 50 by the queue
                (default 200000; the figures of docs/developing/performance.md: 1000000)
  --refunds N   refunds of the pull (default: 3 for every 10 of --size)
  --history N   refunds of the long history, beside one of a quarter (default: --size)
  --night N     new refunds of a night (default: 1 for every 200 of --size)
  --quick       a size of 4000, to see that it works: no figure means anything
  --only NAMES  some of ${MEASURES.join(',')}
  --check       end with 1 where a figure is beyond its bound

DATABASE_URL names a Postgres to measure on, where databases may be created; without it an embedded one is started.
TIEOUT_BENCH_DUCKDB names a folder in whose node_modules @duckdb/node-api is installed.`

/** The flags read; a text is what is to be said instead of measuring. */
export function readFlags(words: readonly string[]): Asked | string {
  const { values } = parseArgs({
    args: [...words],
    options: {
      size: { type: 'string' },
      quick: { type: 'boolean', default: false },
      refunds: { type: 'string' },
      history: { type: 'string' },
      night: { type: 'string' },
      only: { type: 'string', default: MEASURES.join() },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return HELP
  const named = values.only.split(',').map((name) => name.trim())
  const unknown = named.filter((name) => !MEASURES.some((measure) => measure === name))
  if (unknown.length > 0) throw new Error(`--only ${unknown.join()}: expected some of ${MEASURES.join(',')}`)
  const size = whole('--size', values.size ?? (values.quick ? '4000' : '200000'))
  return {
    only: new Set(MEASURES.filter((measure) => named.includes(measure))),
    size,
    refunds: whole('--refunds', values.refunds ?? String(Math.round(size * 0.3))),
    history: whole('--history', values.history ?? String(size)),
    night: whole('--night', values.night ?? String(Math.round(size / 200))),
    check: values.check,
  }
}

function whole(flag: string, text: string): number {
  const number = /^[\d_]{1,11}$/.test(text) ? Number(text.replaceAll('_', '')) : 0
  if (number >= 1_000) return number
  // of a smaller one nothing but the start of a process would be measured
  if (number >= 1 && flag === '--night') return number
  throw new Error(`${flag} ${text}: expected a whole number from 1000`)
}
