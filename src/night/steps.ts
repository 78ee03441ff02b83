/** What the steps of a job come to, for one business and for all: each step is in a file of its own, loaded by who takes it. */

import { DatabaseFault, isFault } from '../core/errors.ts'
import type { Job, Result } from '../job.ts'
import { type BusinessOutcome, exitOfOutcomes, type Part, problemOf, type StepTime } from './business-runs.ts'
import { type Done, outcomesText } from './outcome-text.ts'

export interface Stepped {
  result: Done
  parts: Part[]
  steps: StepTime[]
}

export const nothingDone = (): Stepped => ({
  result: { pulls: null, files: null, unclaimed: null, reconciliation: null },
  parts: [],
  steps: [],
})

const noting = async (
  { config, now }: Job,
  into: Stepped,
  name: string,
  step: () => Promise<void>,
  isPart: (error: unknown) => boolean,
): Promise<void> => {
  const started_at = now()
  try {
    await step()
  } catch (error) {
    if (!isPart(error)) throw error
    into.parts.push({ problem: problemOf(error, config.secrets) })
  } finally {
    into.steps.push({ step: name, started_at, finished_at: now() })
  }
}

/** Does a step whose fault must not keep the later ones from being done. */
export const attempt = async (job: Job, into: Stepped, name: string, step: () => Promise<void>): Promise<void> =>
  await noting(job, into, name, step, isFault)

/**
 * Brings a side in: as `attempt`, but what the database fails is thrown. Then nobody knows what of the side is there, and a
 * reconciliation would find missing what nobody looked at.
 */
export const bringIn = async (job: Job, into: Stepped, name: string, step: () => Promise<void>): Promise<void> =>
  await noting(job, into, name, step, (error) => isFault(error) && !(error instanceof DatabaseFault))

/** Makes a thing when it is first asked for, and then gives the same. */
export const once = <T>(make: () => T): (() => T) => {
  let made: { thing: T } | null = null
  return () => {
    made ??= { thing: make() }
    return made.thing
  }
}

/** What a job over businesses says at its end. */
export const resultOf = (job: Job, outcomes: readonly BusinessOutcome<Done>[], reports?: readonly string[]): Result => {
  const written = (reports ?? []).map((path) => `\n${path}`).join('')
  return {
    text: `${outcomesText(outcomes)}${written === '' ? '' : `\nReports:${written}`}`,
    document: {
      command: job.name,
      as_of: job.as_of,
      businesses: outcomes.map(({ result, ...outcome }) => ({ ...outcome, ...result })),
      ...(reports ? { reports } : {}),
    },
    exit: exitOfOutcomes(outcomes),
    open_errors: outcomes.reduce((sum, { result }) => sum + Number(result?.reconciliation?.open_errors ?? 0), 0),
  }
}
