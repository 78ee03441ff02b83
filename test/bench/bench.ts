/** The bench: each measure beside what it is compared with, then one table and one JSON over all of them. */

import { type Asked, type MeasureName, readFlags } from './flags.ts'
import type { Places } from './job.ts'
import { measureDesk } from './measure-desk.ts'
import { measureImport } from './measure-import.ts'
import { measureNightly } from './measure-nightly.ts'
import { measureNights } from './measure-nights.ts'
import { measurePlatform } from './measure-platform.ts'
import { measurePull } from './measure-pull.ts'
import { measureReconcile } from './measure-reconcile.ts'
import { type BenchServer, openServer } from './server.ts'
import { type Compared, type Line, lineOf, type Skipped, statementsOf, tableOf, writeLines } from './table.ts'
import { secondsOf } from './timing.ts'

/** A run that sends more has begun to ask one by one. */
const MOST_STATEMENTS = 40

export interface Bench {
  readonly asked: Asked
  readonly places: Places
  readonly server: BenchServer
  note(compared: Compared): void
  skip(skipped: Skipped): void
  /** how many statements a run sent */
  count(run: string, statements: number): void
  /** says what is being done, on stderr */
  say(text: string): void
  /** what to end when the measure is over or has failed, last first */
  atEnd(work: () => Promise<void>): void
}

const STEPS: readonly { of: readonly MeasureName[]; measure: (bench: Bench) => Promise<void> }[] = [
  { of: ['import'], measure: measureImport },
  { of: ['pull'], measure: measurePull },
  { of: ['reconcile', 'report'], measure: measureReconcile },
  { of: ['nights'], measure: measureNights },
  { of: ['nightly'], measure: measureNightly },
  { of: ['platform'], measure: measurePlatform },
  { of: ['desk'], measure: measureDesk },
]

/** Runs it; gives the exit code. A measure that fails leaves the others their lines. */
export async function bench(words: readonly string[], places: Places): Promise<number> {
  const asked = readFlags(words)
  if (typeof asked === 'string') {
    console.log(asked)
    return 0
  }
  const server = await openServer()
  const end = (): void => void server.close().finally(() => process.exit(130))
  process.once('SIGINT', end).once('SIGTERM', end)
  const lines: (Line | Skipped)[] = []
  const statements: Record<string, number> = {}
  let failed = false
  const say = (text: string): void => console.error(text)
  try {
    for (const { of, measure } of STEPS) {
      if (!of.some((name) => asked.only.has(name))) continue
      say(`${of.filter((name) => asked.only.has(name)).join(' and ')} ...`)
      const endings: (() => Promise<void>)[] = []
      const seconds = await secondsOf(async () => {
        await measure({
          ...{ asked, places, server, say },
          note: (compared) => lines.push(lineOf(compared)),
          skip: (skipped) => lines.push(skipped),
          count: (run, number) => void Object.assign(statements, { [run]: number }),
          atEnd: (work) => void endings.push(work),
        }).catch((error: unknown) => {
          failed = true
          lines.push({ measure: of.join(' and '), size: asked.size, skipped: 'failed: see above' })
          console.error(error)
        })
        for (const work of endings.reverse()) await work()
      })
      say(`  took ${Math.round(seconds)} s`)
    }
  } finally {
    await server.close()
  }
  const path = writeLines(places.root, { postgres: server.version }, lines, statements)
  console.log(`\n${tableOf(lines)}\n${statementsOf(statements, MOST_STATEMENTS)}${path}`)
  const talkative = Object.values(statements).some((number) => number > MOST_STATEMENTS)
  const beyond = talkative || lines.some((line) => 'within' in line && !line.within)
  return failed || (asked.check && beyond) ? 1 : 0
}
