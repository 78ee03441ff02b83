/**
 * A history, month by month: both listings whole, then for each month in order its files, then one reconciliation: while
 * files are still to come, nearly all of the ledger waits for them, and every run would look at all that waits.
 *
 * Nothing is written down about how far it came, and nothing needs to be: a pull, a file and a reconciliation each are
 * one transaction, and what is known already is passed over. So a backfill that was killed is resumed by running it again.
 * The business's lock is given back after some seconds, at the end of what is under way, so that a nightly run need not
 * wait for the history.
 */

import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BusinessConfig } from '../config/config.ts'
import { monthsOf } from '../core/months.ts'
import { monthsBetween } from '../core/period.ts'
import { withBusinessLock } from '../database/locks.ts'
import { run } from '../database/statement.ts'
import type { Job, Result } from '../job.ts'
import type { LayerClient } from '../ledger/layer-api/client.ts'
import { type BusinessOutcome, outcomeOf, traced } from '../night/business-runs.ts'
import { layerClientOf, pullStep } from '../night/pull-step.ts'
import { reconcileStep } from '../night/reconcile-step.ts'
import { attempt, bringIn, nothingDone, once, type Stepped } from '../night/steps.ts'
import { type FileOutcome, importFiles } from '../processor/import-files.ts'
import { type DatedFile, type FilePlan, planFiles } from './files.ts'
import { type BackfillOutcome, backfillResult, type History, type MonthFiles } from './result.ts'

export interface BackfillFlags {
  /** months, as given */
  from: string
  to: string
}

/** The lock is held for so long, and then until what is under way is done: a pull, a file or a reconciliation. */
const TURN_MILLIS = 5_000
/** Longer than a waiting run takes to try again. */
const PAUSE_MILLIS = 400
/** A nightly run may be at work for hours. */
const PATIENCE_SECONDS = 12 * 60 * 60
/** Businesses at once: while one file is read here, another one is merged in Postgres. */
const LANES = 2

/** `turn_millis` only a test gives. */
export const backfill = async (job: Job, flags: BackfillFlags, turn_millis = TURN_MILLIS): Promise<Result> => {
  const months = monthsAsked(flags)
  const lanes: Lane[] = []
  for (const business of job.businesses) lanes.push(await laneFor(job, business, months))
  const client = once(() => layerClientOf(job))
  const gauge = gaugeOf(job, lanes)
  const worked = await inLanes(lanes, async (lane) => {
    const { business, history, stepped } = lane
    const hold = <T>(work: () => Promise<T>): Promise<T> =>
      withBusinessLock(job.database, business, job.log, work, PATIENCE_SECONDS)
    const outcome = await outcomeOf<History>(job, business, async () => {
      const own = { ...job, database: (await job.database.elsewhere(business.id)) ?? job.database }
      const steps = stepsOf(own, lane, months, client(), gauge)
      const work = async (): Promise<{ result: History; parts: Stepped['parts'] }> => {
        await inTurns(steps, hold, turn_millis)
        return { result: history, parts: stepped.parts }
      }
      return await traced(own, business, work, hold)
    })
    return await withVerdicts(job, outcome, lane, months)
  })
  return backfillResult(job, months, worked)
}

interface Lane {
  business: BusinessConfig
  plan: FilePlan
  stepped: Stepped
  history: History
}

const monthsAsked = ({ from, to }: BackfillFlags): string[] => {
  monthsOf({ from, to })
  return monthsBetween(from, to)
}

/** What there is to do for a business; an inbox that cannot be read fails alone. */
const laneFor = async (job: Job, business: BusinessConfig, months: readonly string[]): Promise<Lane> => {
  const stepped = nothingDone()
  let plan: FilePlan = { files: [], left: 0 }
  job.progress.step(`${business.name}: looking for the dates of its files`)
  await attempt(job, stepped, 'import', async () => {
    plan = await planFiles(business, months, (looked) => job.progress.note(`${looked} files`))
  })
  return { business, plan, stepped, history: { pulls: null, files_left: plan.left, months: [] } }
}

/** Tells how far all is: a file that was imported before counts as if it were not there. */
const gaugeOf = (job: Job, lanes: readonly Lane[]): ((file: DatedFile, outcome: FileOutcome['outcome']) => void) => {
  let total = lanes.flatMap(({ plan }) => plan.files).reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  job.progress.gauge(done, total)
  return ({ bytes }, outcome) => {
    if (outcome === 'already' || outcome === 'withdrawn') total -= bytes
    else done += bytes
    job.progress.gauge(done, total)
  }
}

/** The steps of a business in order; after each the lock may be given back. */
async function* stepsOf(
  job: Job,
  { business, plan, stepped, history }: Lane,
  months: readonly string[],
  client: LayerClient,
  gauge: (file: DatedFile, outcome: FileOutcome['outcome']) => void,
): AsyncGenerator<void> {
  await bringIn(job, stepped, 'pull', async () => await pullStep(job, business, client, stepped))
  history.pulls = stepped.result.pulls
  yield
  for (const month of months) {
    const files = plan.files.filter((file) => file.month === month)
    const done: MonthFiles = { month, imported: 0, already: 0, empty: 0, refused: 0, lines: 0n }
    history.months.push(done)
    for (const [index, file] of files.entries()) {
      job.progress.step(`${business.name} ${month}: file ${index + 1} of ${files.length}`)
      const { outcome, accepted, problem } = await importOne(job, business, file)
      done[outcome === 'withdrawn' ? 'already' : outcome] += 1
      done.lines += accepted
      stepped.parts.push({ problem })
      gauge(file, outcome)
      yield
    }
    job.log.info({ business_id: business.id, ...done }, 'month done')
  }
  await attempt(job, stepped, 'reconcile', async () => await reconcileStep(job, business, stepped))
  yield
}

const importOne = async (job: Job, business: BusinessConfig, { processor, path }: DatedFile): Promise<FileOutcome> => {
  const onProgress = ({ name, lines }: { name: string; lines: number }): void =>
    job.progress.note(`${name}, line ${lines}`)
  const { as_of } = job
  const folder = dirname(job.config.path)
  const options = { covers: null, strict: false, format: null, as_of, imported_at: job.now(), folder, onProgress }
  const [outcome] = await importFiles(job.database, business, processor, [path], options)
  if (outcome === undefined) throw new Error(`${path} has no outcome`)
  return outcome
}

/** Goes through the steps, holding the lock for some of them at a time. */
const inTurns = async (
  steps: AsyncGenerator<void>,
  hold: <T>(work: () => Promise<T>) => Promise<T>,
  turn_millis: number,
): Promise<void> => {
  for (;;) {
    const ended = await hold(async () => {
      const until = performance.now() + turn_millis
      do if ((await steps.next()).done) return true
      while (performance.now() < until)
      return false
    })
    if (ended) return
    await sleep(PAUSE_MILLIS)
  }
}

/** Works on some at once; gives what came of them in their order. */
const inLanes = async <T, R>(all: readonly T[], work: (each: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = []
  const waiting = [...all.entries()]
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await work(next[1])
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return results
}

/** What stands in the end, also where not all could be done. */
const withVerdicts = async (
  { database }: Job,
  outcome: BusinessOutcome<History>,
  { business, stepped, history }: Lane,
  months: readonly string[],
): Promise<BackfillOutcome> => {
  const scope = [business.id, months[0] ?? null, months.at(-1) ?? null] as const
  const verdicts = await run<BackfillOutcome['verdicts'][number]>(database, 'report/verdicts', scope)
  const { reconciliation } = stepped.result
  return { ...outcome, result: history, reconciliation, verdicts }
}
