/** What `tieout doctor` looks at, thing by thing: whether it is right, and if not what to do. Nothing is changed. */

import { accessSync, constants, existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { BusinessConfig, Config, ProcessorConfig } from '../config/config.ts'
import { DatabaseFault, isFault, LayerFault } from '../core/errors.ts'
import { daysBetween } from '../core/period.ts'
import { counted } from '../core/words.ts'
import type { Database } from '../database/connect.ts'
import { pendingMigrations } from '../database/migrate.ts'
import { type RowOf, run } from '../database/statement.ts'
import type { LayerClient } from '../ledger/layer-api/client.ts'
import { readStatus } from '../night/status.ts'
import { inboxFiles, unclaimedIn } from '../processor/import-files.ts'
import { folderOf } from '../processor/inbox.ts'
import { examineStored } from './doctor-deep.ts'

export interface Finding {
  subject: string
  ok: boolean
  /** what was found */
  found: string
  /** what to do; '' where it is right */
  advice: string
}

export const right = (subject: string, found: string): Finding => ({ subject, ok: true, found, advice: '' })
export const wrong = (subject: string, found: string, advice: string): Finding => ({
  subject,
  ok: false,
  found,
  advice,
})

/** Whether files can be made in a folder, or in the nearest one above it that is there. */
export const checkFolder = (subject: string, folder: string, key: string): Finding => {
  let place = folder
  while (!existsSync(place)) place = dirname(place)
  try {
    accessSync(place, constants.W_OK | constants.X_OK)
    return right(subject, folder)
  } catch {
    return wrong(
      subject,
      `${place} may not be written by this user`,
      `Change its permissions, or set ${key} in tieout.yaml`,
    )
  }
}

/** Two clocks that are further apart are not set by a time server. */
const MOST_SECONDS_APART = 60

type SchemaState = RowOf<'run/schema_state'>

/** The database: reached, the right version (opening it checks that), up to date, writable; ready where it has the tables. */
export const checkDatabase = async (
  database: Database,
  config: Config,
  now: string,
): Promise<{ found: Finding[]; is_ready: boolean }> => {
  const [state] = await run<SchemaState>(database, 'run/schema_state')
  if (!state) return { found: [], is_ready: false }
  const is_embedded = config.database.url === null
  const found = [
    right('database', `${is_embedded ? 'embedded ' : ''}Postgres ${state.version}, database ${state.name}`),
  ]
  if (!state.is_migrated && !is_embedded && !state.may_create) {
    const problem = `this user may not create tables in schema ${state.schema}`
    found.push(wrong('database rights', problem, `Grant it: grant create on schema ${state.schema} to USER`))
  }
  const apart = Math.round(Date.parse(now) / 1000) - Number(state.now_seconds)
  if (Math.abs(apart) > MOST_SECONDS_APART) {
    const problem = `is ${counted(Math.abs(apart), 'second')} ${apart < 0 ? 'behind' : 'ahead of'} that of the database`
    found.push(wrong("this machine's clock", problem, 'Have both set by a time server: due dates and ages go by it'))
  }
  const schema = await checkSchema(database, is_embedded && !state.is_migrated)
  return { found: [...found, schema], is_ready: schema.ok && state.is_migrated }
}

/** Whether all migrations are applied and the views are those of this version; a new embedded database needs neither yet. */
const checkSchema = async (database: Database, is_new: boolean): Promise<Finding> => {
  try {
    const pending = await pendingMigrations(database)
    if (is_new) return right('schema', 'empty; the first run makes it')
    const problem = `not up to date: ${pending.join(', ')} to be applied`
    return pending.length === 0 ? right('schema', 'up to date') : wrong('schema', problem, 'Run `tieout migrate`')
  } catch (error) {
    // made by version 0.1 or by a newer one: the message says what to do
    if (!(error instanceof DatabaseFault)) throw error
    return { subject: 'schema', ok: false, found: error.message, advice: '' }
  }
}

/** Whether there are files where a processor's reports should lie, of a format that is known. */
export const checkInboxes = async (config: Config, business: BusinessConfig): Promise<Finding[]> => {
  const found: Finding[] = []
  for (const entry of business.processors) {
    const subject = `${business.name}: inbox of ${entry.name}${entry.account === '' ? '' : ` ${entry.account}`}`
    const missing = entry.inbox.map(folderOf).filter((folder) => !existsSync(folder))
    const files = await inboxFiles(entry)
    if (entry.inbox.length === 0) found.push(right(subject, 'none; its files are named to `tieout import`'))
    else if (missing.length > 0) {
      const problem = `no file matches ${entry.inbox.join(', ')}: there is no folder ${missing.join(', ')}`
      found.push(wrong(subject, problem, `Make it, and put ${entry.name}'s reports there`))
    } else if (files.length === 0)
      found.push(wrong(subject, `no file matches ${entry.inbox.join(', ')}`, `Put ${entry.name}'s reports there`))
    else
      found.push((await checkNewest(business, entry, files, subject)) ?? right(subject, counted(files.length, 'file')))
  }
  for (const path of await unclaimedIn(config, business)) {
    const advice = 'Rename it or widen the pattern under inbox; move it elsewhere if it is no report'
    found.push(wrong(`${business.name}: ${path}`, 'lies in an inbox, and no pattern takes it', advice))
  }
  return found
}

/** Raised at the first lines of a file: its format is known by then. */
const RECOGNISED = new Error('recognised')

/** Whether the newest file is still of a format that is known: processors change their reports. */
const checkNewest = async (
  business: BusinessConfig,
  entry: ProcessorConfig,
  files: readonly string[],
  subject: string,
): Promise<Finding | null> => {
  const ages = await Promise.all(
    files.map(async (path) => ({ path, at: (await stat(path).catch(() => null))?.mtimeMs ?? 0 })),
  )
  const newest = ages.reduce((a, b) => (b.at > a.at ? b : a)).path
  const { readForPreview } = await import('../processor/preview-file.ts')
  try {
    await readForPreview(business, entry, newest, null, () => {
      throw RECOGNISED
    })
    return null
  } catch (error) {
    if (error === RECOGNISED) return null
    if (!isFault(error)) throw error
    return wrong(
      subject,
      `the newest file is refused: ${error.message}`,
      '`tieout import --preview FILE` shows how a file is read',
    )
  }
}

type Coverage = RowOf<'report/coverage'>

/** How old the reports are, and how the last pulls and runs ended. */
export const checkHistory = async (database: Database, business: BusinessConfig, as_of: string): Promise<Finding[]> => {
  const found: Finding[] = []
  const status = await readStatus(database, business)
  for (const { processor, covers_to } of status.imported) {
    const subject = `${business.name}: reports of ${processor}`
    const lag = business.processors.find((entry) => entry.name === processor)?.settlement_lag_days ?? 0
    const days = covers_to === null ? 0 : daysBetween(covers_to, as_of.slice(0, 10))
    if (covers_to === null) found.push(wrong(subject, 'none imported for every account', 'Run `tieout import`'))
    else if (days > lag + 1)
      found.push(
        wrong(subject, `imported up to ${covers_to}, ${days} days ago`, 'Get newer ones and run `tieout import`'),
      )
    else found.push(right(subject, `imported up to ${covers_to}`))
  }
  for (const { processor, account, holes_after, holes_before } of await run<Coverage>(database, 'report/coverage', [
    business.id,
    null,
    null,
  ])) {
    const subject = `${business.name}: reports of ${processor}${account === '' ? '' : ` ${account}`}`
    const between = holes_after.map((after, at) => `between ${after} and ${holes_before[at]}`).slice(-3)
    if (between.length > 0)
      found.push(
        wrong(subject, `no file covers the days ${between.join(', ')}`, 'Get the report of these days and import it'),
      )
  }
  const unknown = await run<RowOf<'run/alias_hints', 'configured' | 'refunds_there'>>(database, 'run/alias_hints', [
    business.id,
  ])
  for (const { named, refunds, configured, refunds_there } of unknown.slice(0, 3)) {
    const there = refunds_there === null ? '' : `; ${configured} has ${refunds_there} of them`
    const problem = `the books say ${named} for ${counted(refunds, 'refund')}, and tieout.yaml knows nothing of it${there}`
    const advice =
      (refunds_there ?? 0n) * 2n >= refunds
        ? `If it is the same, add aliases: [${named}] to ${configured}`
        : 'Add it as a processor with its reports; if no processor moved the money, add it to outside.processors'
    found.push(wrong(`${business.name}: processors`, problem, advice))
  }
  for (const pull of status.pulls) {
    const subject = `${business.name}: ${pull.direction} refunds`
    if (!pull.complete)
      found.push(
        wrong(subject, `the last pull is not complete: ${pull.problem ?? 'unknown'}`, 'Run `tieout pull` again'),
      )
    else if (pull.maybe_cut)
      found.push(
        wrong(
          subject,
          'exactly 100 came without a word on more: the listing may be cut',
          'Ask Layer how to read the rest',
        ),
      )
    else if (pull.quarantined > 0n)
      found.push(
        wrong(
          subject,
          `${counted(pull.quarantined, 'refund is', 'refunds are')} quarantined`,
          'Look with `tieout quarantine list`, and correct them in Layer',
        ),
      )
    else found.push(right(subject, `${pull.refunds} as of ${pull.as_of}`))
  }
  for (const { code, count } of await run(database, 'report/notes', [business.id])) {
    if (code !== 'LEDGER_DATES') continue
    found.push(
      wrong(
        `${business.name}: dates of refunds`,
        `${count} of the latest stand at exactly midnight UTC, and are taken for instants`,
        'Where Layer means the date alone, set ledger_dates: date in tieout.yaml',
      ),
    )
  }
  for (const last of status.runs) {
    const subject = `${business.name}: last ${last.job}`
    if (last.outcome === 'failed')
      found.push(wrong(subject, `failed: ${last.problem ?? ''}`, `Run \`tieout ${last.job}\` again`))
    if (last.outcome === 'killed')
      found.push(wrong(subject, `was killed after ${last.started_at}`, `Run \`tieout ${last.job}\` again`))
  }
  return found
}

/** Whether what is stored agrees with itself. */
export const checkStored = async (
  database: Database,
  businesses: readonly BusinessConfig[],
  onQuery: (name: string) => void,
): Promise<Finding[]> => {
  const { faults, queries, unsettled } = await examineStored(database, businesses, onQuery)
  return businesses.flatMap((business) => {
    const subject = `${business.name}: what is stored`
    const found = faults.filter((fault) => fault.business === business)
    const later = unsettled.includes(business)
      ? '; what a reconciliation leaves is not looked at, since something may have come in after the last one'
      : ''
    return found.length === 0
      ? [right(subject, `agrees with itself, by ${queries} queries and the hashes of its history${later}`)]
      : found.map((fault) => wrong(subject, fault.found, fault.advice))
  })
}

/** Raised in the middle of a listing: its first bytes say all that is asked. */
const ENOUGH = new LayerFault('seen enough')

/** Whether Layer answers for a business with the token that is configured. Reads the beginning of one listing. */
export const checkLayer = async (client: LayerClient, business: BusinessConfig, base_url: string): Promise<Finding> => {
  const subject = `${business.name}: Layer`
  const take = ({ contents }: { contents: readonly Buffer[] }): void => {
    if (contents.length > 0) throw ENOUGH
  }
  try {
    const end = await client.listInvoiceRefunds(business.id, {
      begin: () => undefined,
      take,
      settle: async () => undefined,
    })
    if (end.problem === null) return right(subject, `${base_url} answers`)
    // in the same words for each business: one cause is one line
    const problem = end.problem.replaceAll(business.id, '{business}')
    return wrong(subject, problem, 'Check layer.base_url, the token, and the business id')
  } catch (error) {
    if (error === ENOUGH) return right(subject, `${base_url} answers`)
    throw error
  }
}
