/** The steps of a night for one business: each calls one verb and says what came of it, in parts that can fail alone. */

import type { BusinessConfig } from '../config.ts'
import { isFault } from '../errors.ts'
import type { PullOutcome } from '../intake/pull.ts'
import { type Job, type Result, systemClock } from '../job.ts'
import { createLayerClient, type LayerClient, type LayerOptions } from '../ledger/layer-client.ts'
import { pullRefunds } from '../ledger/pull-refunds.ts'
import { type FileOutcome, importFiles } from '../processor/import-files.ts'
import { type ReconcileOutcome, reconcile } from '../reconciliation/reconcile.ts'
import { type BusinessOutcome, exitOfOutcomes, type Part, problemOf } from './business-runs.ts'
import { chooseImports, type ImportFlags } from './import-choice.ts'
import { outcomesText } from './outcome-text.ts'

/** What was done for a business; what was not tried or failed is null. */
export interface Done {
  pulls: PullOutcome[] | null
  files: FileOutcome[] | null
  reconciliation: ReconcileOutcome | null
}

export interface Stepped {
  result: Done
  parts: Part[]
}

export const nothingDone = (): Stepped => ({ result: { pulls: null, files: null, reconciliation: null }, parts: [] })

/** One client for a whole job: its businesses share the token and the rate limit. */
export const layerClientOf = (
  { config, log }: Pick<Job, 'config' | 'log'>,
  patience: Partial<LayerOptions> = {},
): LayerClient => createLayerClient(config.layer, { clock: systemClock, log, ...patience })

/** Pulls both listings; an incomplete one is a part that failed. */
export const pullStep = async (
  job: Job,
  business: BusinessConfig,
  client: LayerClient,
  into: Stepped,
): Promise<void> => {
  const label = `${business.name}: pulling refunds from Layer`
  job.progress.step(label)
  const taken = { customer: 0, vendor: 0 }
  const pulls = await pullRefunds(job.database, business, {
    client,
    as_of: job.as_of,
    now: job.now,
    log: job.log.child({ business_id: business.id }),
    onProgress: ({ direction, refunds }) => {
      taken[direction] = refunds
      job.progress.note(`${taken.customer} of customers, ${taken.vendor} of vendors`)
    },
  })
  into.result.pulls = pulls
  into.parts.push(
    ...pulls.map(({ problem, direction }) => ({ problem: problem && `${direction} refunds: ${problem}` })),
  )
}

/** What to import, as `tieout import` was asked; nothing: the inboxes as configured. */
export interface ImportAsked extends Pick<ImportFlags, 'processor'> {
  files: readonly string[]
  format: string | null
  covers: { from: string; to: string } | null
  strict: boolean
}

export const THE_INBOXES: ImportAsked = { files: [], format: null, covers: null, strict: false }

/** Imports files, named or of the inboxes; a refused one is a part that failed, and would fail again. */
export const importStep = async (
  job: Job,
  business: BusinessConfig,
  asked: ImportAsked,
  into: Stepped,
): Promise<void> => {
  const log = job.log.child({ business_id: business.id })
  const files: FileOutcome[] = []
  into.result.files = files
  job.progress.step(`${business.name}: looking into the inboxes`)
  for (const { processor, paths } of await chooseImports(business, asked.files, asked.processor)) {
    job.progress.step(`${business.name}: importing ${paths.length} files of ${processor.name}`)
    const { covers, strict, format } = asked
    const onProgress = ({ name, lines }: { name: string; lines: number }): void =>
      job.progress.note(`${name}, line ${lines}`)
    const options = { covers, strict, format, imported_at: job.now(), onProgress }
    await importFiles(job.database, business, processor, paths, options, (file) => {
      files.push(file)
      const figures = { file: file.name, records: file.records, accepted: file.accepted, known: file.known }
      if (file.problem === null) log[file.outcome === 'already' ? 'debug' : 'info'](figures, file.says)
    })
  }
  into.parts.push(...files.map(({ problem }) => ({ problem, lasting: true })))
}

/** `full`: at everything anew, which gives what a run gives that looks at what is new, open or touched. */
export const reconcileStep = async (job: Job, business: BusinessConfig, into: Stepped, full = false): Promise<void> => {
  job.progress.step(`${business.name}: reconciling`)
  into.result.reconciliation = await reconcile(job.database, business.id, {
    as_of: job.as_of,
    now: job.now(),
    full,
    log: job.log.child({ business_id: business.id }),
  })
  into.parts.push({ problem: null })
}

/** Does a step whose fault must not keep the later ones from being done. */
export const attempt = async (into: Stepped, step: () => Promise<void>): Promise<void> => {
  try {
    await step()
  } catch (error) {
    if (!isFault(error)) throw error
    into.parts.push({ problem: problemOf(error) })
  }
}

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
