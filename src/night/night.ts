/** One night: pull, import, reconcile for each business, then the report for all. What fails leaves the rest to be done. */

import type { BusinessConfig } from '../config/config.ts'
import { DeliveryFault, isFault } from '../core/errors.ts'
import { sharedProgress } from '../core/progress.ts'
import { oneLine } from '../core/visible.ts'
import type { Job, Result } from '../job.ts'
import type { LayerClient, LayerOptions } from '../ledger/layer-api/client.ts'
import { readStanding, standingLines, standingTitle } from '../report/standing.ts'
import { type BusinessOutcome, eachBusiness } from './business-runs.ts'
import { importStep, THE_INBOXES } from './import-step.ts'
import type { Done } from './outcome-text.ts'
import { layerClientOf, pullStep } from './pull-step.ts'
import { reconcileStep } from './reconcile-step.ts'
import { writeNightlyReports } from './report-files.ts'
import { attempt, bringIn, nothingDone, once, resultOf, type Stepped } from './steps.ts'

export interface Night extends Result {
  /** files written */
  reports: string[]
  outcomes: BusinessOutcome<Done>[]
  /** why there are no reports; null: they are written */
  failure: string | null
}

/** `patience` with Layer, where it is not the usual one. */
export const night = async (job: Job, patience: Partial<LayerOptions> = {}): Promise<Night> => {
  const client = once(() => layerClientOf(job, patience))
  const outcomes = await eachBusiness(job, (business, own) => businessNight(own, business, client))
  const { reports, failure } = await reportsOf(job)
  const { exit = 0, ...result } = resultOf(job, outcomes, reports)
  const text = [result.text, ...(failure === null ? [] : [`FAILED: ${failure}`]), ...(await standings(job))].join('\n')
  const document = { ...result.document, failure }
  return { ...result, text, document, reports, outcomes, failure, exit: exit === 0 && failure !== null ? 4 : exit }
}

/** More businesses than this have a line each instead of several. */
const MOST_IN_FULL = 5

/** Where each business stands, said last: that is what a person sees of a night. None where the database cannot be asked. */
const standings = async (job: Job): Promise<string[]> => {
  const lines: string[] = []
  try {
    await job.database.transaction(async (db) => {
      for (const { id, name } of job.businesses) {
        const standing = await readStanding(db, id)
        if (job.businesses.length > MOST_IN_FULL) lines.push(oneLine(`${name}: ${standingTitle(standing)}`))
        else lines.push('', oneLine(name), ...standingLines(standing).map((line) => `  ${oneLine(line)}`))
      }
    })
  } catch (error) {
    if (!isFault(error)) throw error
  }
  return lines
}

/** What was done for the businesses stands, also where its reports cannot be written: the disk is full, say. */
const reportsOf = async (job: Job): Promise<{ reports: string[]; failure: string | null }> => {
  try {
    return { reports: await writeNightlyReports(job), failure: null }
  } catch (error) {
    const undelivered = error instanceof DeliveryFault ? error : null
    const said = error instanceof Error ? error.message : String(error)
    const failure = undelivered ? said : `the reports could not be written: ${said}`
    if (!job.stopped()) job.log.error({ err: error }, failure)
    return { reports: [...(undelivered?.written ?? [])], failure }
  }
}

/**
 * A night of one business, but for its report. `client` is asked for within the step that may fail for want of it. The two
 * sides come in at the same time, each in transactions of its own: a pull mostly waits for Layer. Where the database fails one
 * of them nothing is concluded: the night of this business is to be run again.
 */
export const businessNight = async (
  job: Job,
  business: BusinessConfig,
  client: () => LayerClient,
): Promise<Stepped> => {
  const [pulled, imported] = [nothingDone(), nothingDone()]
  const [pulling, importing] = sharedProgress(job.progress)
  const sides = await Promise.allSettled([
    bringIn(
      job,
      pulled,
      'pull',
      async () => await pullStep({ ...job, progress: pulling }, business, client(), pulled),
    ).finally(() => pulling.step('')),
    bringIn(
      job,
      imported,
      'import',
      async () => await importStep({ ...job, progress: importing }, business, THE_INBOXES, imported),
    ).finally(() => importing.step('')),
  ])
  // only when both are through: nothing may go on once the business is let go
  for (const side of sides) if (side.status === 'rejected') throw side.reason
  const done: Stepped = {
    result: { ...imported.result, pulls: pulled.result.pulls },
    parts: [...pulled.parts, ...imported.parts],
    steps: [...pulled.steps, ...imported.steps],
  }
  await attempt(job, done, 'reconcile', async () => await reconcileStep(job, business, done))
  return done
}
