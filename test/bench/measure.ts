/** Measures: seconds beside the seconds of what it is compared with, as a ratio, since machines are noisy. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Measured {
  measure: string
  size: number
  seconds: number
  against: string
  against_seconds: number
  ratio: number
  at_most: number | null
}

const measured: Measured[] = []

/** Seconds that the work took. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000

export function note(one: Omit<Measured, 'ratio'>): void {
  const ratio = one.seconds / one.against_seconds
  measured.push({
    ...one,
    seconds: rounded(one.seconds),
    against_seconds: rounded(one.against_seconds),
    ratio: rounded(ratio),
  })
}

/** Prints the table, and writes it as JSON into `bench/`, which git ignores. */
export function tell(name: string): void {
  const folder = join(import.meta.dirname, '..', '..', 'bench')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(measured, null, 2)}\n`)
  console.table(
    measured.map(({ measure, size, seconds, against, against_seconds, ratio, at_most }) => ({
      measure,
      size,
      seconds,
      against: `${against}: ${against_seconds} s`,
      ratio,
      'at most': at_most ?? '-',
    })),
  )
}
