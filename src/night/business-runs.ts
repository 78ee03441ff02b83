/** The same work for each business, one failing without stopping the others, each leaving its trace in table run. */

import { storeSettings } from '../business/settings.ts'
import type { BusinessConfig } from '../config/config.ts'
import { isFault } from '../core/errors.ts'
import { withoutSecrets } from '../core/log.ts'
import { withBusinessLock } from '../database/locks.ts'
import { count, run } from '../database/statement.ts'
import type { Exit, Job } from '../job.ts'

/** Something that can fail alone: a listing, a file, the matching. */
export interface Part {
  /** null: done */
  problem: string | null
  /** a problem that trying again does not cure */
  lasting?: boolean
}

/** A step of a run, by the clock. */
export interface StepTime {
  step: string
  started_at: string
  finished_at: string
}

export interface BusinessOutcome<T> {
  business_id: string
  name: string
  /** partly: some of its parts failed */
  outcome: 'done' | 'partly' | 'failed'
  problems: string[]
  /** null where it failed before there was any */
  result: T | null
}

/**
 * Does the work for each chosen business under its lock, with its settings stored and a row in table run. What is
 * thrown for one business becomes its outcome; the others go on. The log of `own` names the run in each line.
 */
export const eachBusiness = async <T>(
  job: Job,
  work: (business: BusinessConfig, own: Job) => Promise<Worked<T>>,
): Promise<BusinessOutcome<T>[]> => {
  const outcomes: BusinessOutcome<T>[] = []
  for (const business of job.businesses) {
    if (job.stopped()) break
    outcomes.push(
      await outcomeOf(job, business, () => {
        job.progress.step(`${business.name}: waiting for its turn`)
        return withBusinessLock(job.database, business, job.log, (database) =>
          traced({ ...job, database }, business, (own) => work(business, own)),
        )
      }),
    )
  }
  return outcomes
}

/** What was done for a business, and the parts it had. */
export interface Worked<T> {
  result: T
  parts: readonly Part[]
  steps?: readonly StepTime[]
  /** its number in table run */
  run_id?: bigint | null
}

/** What came of the work for one business; what it throws becomes its outcome. */
export const outcomeOf = async <T>(
  job: Job,
  business: BusinessConfig,
  work: () => Promise<Worked<T>>,
): Promise<BusinessOutcome<T>> => {
  const log = job.log.child({ business_id: business.id })
  const whose = { business_id: business.id, name: business.name }
  const ended = (outcome: BusinessOutcome<T>): BusinessOutcome<T> => {
    if (!job.stopped()) for (const problem of outcome.problems) log.error({ outcome: outcome.outcome }, problem)
    return outcome
  }
  try {
    const { result, parts, run_id } = await work()
    if (run_id) log.setBindings({ run_id: String(run_id) })
    const problems = parts.flatMap((part) => part.problem ?? [])
    const outcome = problems.length === 0 ? 'done' : problems.length < parts.length ? 'partly' : 'failed'
    return ended({ ...whose, outcome, problems, result })
  } catch (error) {
    if (!isFault(error) && !job.stopped())
      log.error({ err: error }, 'this business failed by something that Tieout did not expect')
    return ended({ ...whose, outcome: 'failed', problems: [problemOf(error, job.config.secrets)], result: null })
  }
}

type Holding = <T>(work: () => Promise<T>) => Promise<T>

/**
 * Notes the run's begin and end for the business, and stores its settings; a run that was killed is one without an end.
 * `hold` takes the business's lock for the settings, where the caller does not hold it all the time.
 */
export const traced = async <T>(
  job: Job,
  business: BusinessConfig,
  work: (own: Job) => Promise<Worked<T>>,
  hold: Holding = (held) => held(),
): Promise<Worked<T>> => {
  let run_id: bigint | null = null
  const open = async (): Promise<void> => {
    if (run_id !== null) return
    const params = [business.id, job.name, job.as_of, job.now()] as const
    run_id = (await run<{ run_id: bigint }>(job.database, 'run/open', params))[0]?.run_id ?? null
  }
  const close = async (problem: string | null, steps: readonly StepTime[] = []): Promise<void> => {
    const outcome = problem === null ? 'done' : 'failed'
    const ended = run_id
    run_id = null
    if (ended !== null)
      await count(job.database, 'run/close', [business.id, ended, job.now(), outcome, problem, JSON.stringify(steps)])
  }
  job.onEnd(() => close('it was told to stop'))
  try {
    await open()
    const { redated } = await hold(() => storeSettings(job.database, business))
    if (redated > 0)
      job.log.info({ business_id: business.id, redated }, 'time_zone or ledger_dates changed: records dated anew')
    await open()
    const ran: bigint | null = run_id
    const done = await work(ran === null ? job : { ...job, log: job.log.child({ run_id: String(ran) }) })
    await close(done.parts.flatMap((part) => part.problem ?? []).join('; ') || null, done.steps)
    return { ...done, run_id: ran }
  } catch (error) {
    await close(problemOf(error, job.config.secrets)).catch(() => undefined)
    throw error
  }
}

/** What went wrong, in a sentence; `secrets` are left out. */
export const problemOf = (error: unknown, secrets: readonly string[]): string =>
  withoutSecrets(
    isFault(error) ? error.message : `unexpected: ${error instanceof Error ? error.message : String(error)}`,
    secrets,
  )

/** 1 where every business failed, 4 where some did or some of their parts, else 0. */
export const exitOfOutcomes = (outcomes: readonly BusinessOutcome<unknown>[]): Exit => {
  if (outcomes.every(({ outcome }) => outcome === 'done')) return 0
  return outcomes.every(({ outcome }) => outcome === 'failed') ? 1 : 4
}
