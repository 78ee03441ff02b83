/** The same work for each business, one failing without stopping the others, each leaving its trace in table run. */

import type { BusinessConfig } from '../config.ts'
import { withBusinessLock } from '../database/lock.ts'
import { count, run } from '../database/statement.ts'
import { isFault } from '../errors.ts'
import { storeSettings } from '../intake/settings.ts'
import type { Exit, Job } from '../job.ts'

/** Something that can fail alone: a listing, a file, the matching. */
export interface Part {
  /** null: done */
  problem: string | null
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
 * thrown for one business becomes its outcome; the others go on.
 */
export const eachBusiness = async <T>(
  job: Job,
  work: (business: BusinessConfig) => Promise<{ result: T; parts: readonly Part[] }>,
): Promise<BusinessOutcome<T>[]> => {
  const outcomes: BusinessOutcome<T>[] = []
  for (const business of job.businesses) {
    const log = job.log.child({ business_id: business.id })
    const { id: business_id, name } = business
    try {
      const { result, parts } = await locked(job, business, () => work(business))
      const problems = parts.flatMap((part) => part.problem ?? [])
      const outcome = problems.length === 0 ? 'done' : problems.length < parts.length ? 'partly' : 'failed'
      outcomes.push({ business_id, name, outcome, problems, result })
    } catch (error) {
      outcomes.push({ business_id, name, outcome: 'failed', problems: [problemOf(error)], result: null })
      if (!isFault(error)) log.error({ err: error }, 'this business failed by something that Tieout did not expect')
    }
    const last = outcomes.at(-1)
    for (const problem of last?.problems ?? []) log.error({ outcome: last?.outcome }, problem)
  }
  return outcomes
}

const locked = <T>(
  job: Job,
  business: BusinessConfig,
  work: () => Promise<{ result: T; parts: readonly Part[] }>,
): Promise<{ result: T; parts: readonly Part[] }> => {
  job.progress.step(`${business.name}: waiting for its turn`)
  return withBusinessLock(job.database, business.id, job.log, () => traced(job, business, work))
}

/** Notes the run's begin and end for the business; a run that was killed is one without an end. */
const traced = async <T>(
  job: Job,
  business: BusinessConfig,
  work: () => Promise<{ result: T; parts: readonly Part[] }>,
): Promise<{ result: T; parts: readonly Part[] }> => {
  let run_id: bigint | null = null
  const open = async (): Promise<void> => {
    if (run_id !== null) return
    const params = [business.id, job.name, job.as_of, job.now()]
    run_id = (await run<{ run_id: bigint }>(job.database, 'run/open', params))[0]?.run_id ?? null
  }
  const close = async (problem: string | null): Promise<void> => {
    const outcome = problem === null ? 'done' : 'failed'
    const ended = run_id
    run_id = null
    if (ended !== null) await count(job.database, 'run/close', [business.id, ended, job.now(), outcome, problem])
  }
  job.onEnd(() => close('it was told to stop'))
  try {
    await open()
    const { redated } = await job.database.transaction((db) => storeSettings(db, business))
    if (redated > 0) job.log.info({ business_id: business.id, redated }, 'the time zone changed: records dated anew')
    await open()
    const done = await work()
    await close(done.parts.flatMap((part) => part.problem ?? []).join('; ') || null)
    return done
  } catch (error) {
    await close(problemOf(error)).catch(() => undefined)
    throw error
  }
}

/** What went wrong, in a sentence. */
export const problemOf = (error: unknown): string =>
  isFault(error) ? error.message : `unexpected: ${error instanceof Error ? error.message : String(error)}`

/** 1 where every business failed, 4 where some did or some of their parts, else 0. */
export const exitOfOutcomes = (outcomes: readonly BusinessOutcome<unknown>[]): Exit => {
  if (outcomes.every(({ outcome }) => outcome === 'done')) return 0
  return outcomes.every(({ outcome }) => outcome === 'failed') ? 1 : 4
}
