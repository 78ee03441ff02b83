/** Looks at a set-up, changes nothing in it, and says of each thing whether it is right, and if not what to do. */

import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { BusinessConfig, Config } from '../config/config.ts'
import { DatabaseFault, isFault, LayerFault } from '../core/errors.ts'
import { daysBetween } from '../core/period.ts'
import { oneLine } from '../core/visible.ts'
import { counted } from '../core/words.ts'
import { type Database, openDatabase } from '../database/connect.ts'
import { pendingMigrations } from '../database/migrate.ts'
import { type RowOf, run } from '../database/statement.ts'
import { type Command, type Flags, type Result, readSetUp, systemClock } from '../job.ts'
import { createLayerClient, type LayerClient } from '../ledger/layer-api/client.ts'
import { readStatus } from '../night/status.ts'
import { inboxFiles, unclaimedIn } from '../processor/import-files.ts'
import { examineStored } from './doctor-deep.ts'

interface Finding {
  subject: string
  ok: boolean
  /** what was found */
  found: string
  /** what to do; '' where it is right */
  advice: string
}

const right = (subject: string, found: string): Finding => ({ subject, ok: true, found, advice: '' })
const wrong = (subject: string, found: string, advice: string): Finding => ({
  subject,
  ok: false,
  found,
  advice,
})

/** One line each: 'ok     database: Postgres 18.1', 'wrong  inbox of STRIPE: no file. Put ...'. */
const findingText = ({ subject, ok, found, advice }: Finding): string =>
  oneLine(`${ok ? 'ok   ' : 'WRONG'}  ${subject}: ${found}${advice === '' ? '' : `. ${advice}`}`)

/** Whether files can be made in a folder, or in the nearest one above it that is there. */
const checkFolder = (subject: string, folder: string, key: string): Finding => {
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

type SchemaState = RowOf<'run/schema_state'>

/** The database: reached, the right version (opening it checks that), up to date, writable; ready where it has the tables. */
const checkDatabase = async (database: Database, config: Config): Promise<{ found: Finding[]; is_ready: boolean }> => {
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

/** Whether there are files where a processor's reports should lie. */
const checkInboxes = async (config: Config, business: BusinessConfig): Promise<Finding[]> => {
  const found: Finding[] = []
  for (const entry of business.processors) {
    const subject = `${business.name}: inbox of ${entry.name}${entry.account === '' ? '' : ` ${entry.account}`}`
    const files = await inboxFiles(entry)
    if (entry.inbox.length === 0) found.push(right(subject, 'none; its files are named to `tieout import`'))
    else if (files.length > 0) found.push(right(subject, `${files.length} files`))
    else found.push(wrong(subject, `no file matches ${entry.inbox.join(', ')}`, `Put ${entry.name}'s reports there`))
  }
  for (const path of await unclaimedIn(config, business)) {
    const advice = 'Rename it or widen the pattern under inbox; move it elsewhere if it is no report'
    found.push(wrong(`${business.name}: ${path}`, 'lies in an inbox, and no pattern takes it', advice))
  }
  return found
}

/** How old the reports are, and how the last pulls and runs ended. */
const checkHistory = async (database: Database, business: BusinessConfig, as_of: string): Promise<Finding[]> => {
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
const checkStored = async (
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

export interface DoctorFlags extends Flags {
  /** whether what is stored agrees with itself, too */
  deep?: boolean
}

/** Goes through the whole set-up; what cannot be reached is a line of its own, and the rest is looked at all the same. */
export const examine = async (command: Command, { deep = false }: DoctorFlags): Promise<Result> => {
  const { config, businesses, as_of } = readSetUp(command)
  const found = [
    right('configuration', config.path),
    checkFolder('data_dir', config.data_dir, 'data_dir'),
    checkFolder('reports', config.reports.dir, 'reports.dir'),
  ]
  const guarded = async (subject: string, work: () => Promise<Finding[]>): Promise<void> => {
    command.progress.step(`looking at ${subject}`)
    try {
      found.push(...(await work()))
    } catch (error) {
      if (!isFault(error)) throw error
      found.push(wrong(subject, error.message, ''))
    }
  }
  let database: Database | null = null
  await guarded('database', async () => {
    database = await openDatabase({ url: config.database.url, data_dir: config.data_dir }, command.log)
    command.onEnd(database.close)
    const checked = await checkDatabase(database, config)
    if (!checked.is_ready) database = null
    return checked.found
  })
  await guarded('Layer', async () => {
    const client = createLayerClient(config.layer, {
      clock: systemClock,
      log: command.log,
      first_byte_ms: [10_000],
    })
    return await Promise.all(businesses.map((business) => checkLayer(client, business, config.layer.base_url)))
  })
  for (const business of businesses) {
    await guarded(business.name, async () => [
      ...(await checkInboxes(config, business)),
      ...(database === null ? [] : await checkHistory(database, business, as_of)),
    ])
  }
  const stored: Database | null = database
  if (deep) {
    await guarded('what is stored', async () =>
      stored === null
        ? [wrong('what is stored', 'not looked at, as the database is not ready', 'See to the database first')]
        : await checkStored(stored, businesses, (name) => command.progress.note(name)),
    )
  }
  const bad = found.filter((finding) => !finding.ok).length
  const sum = bad === 0 ? 'Nothing is wrong.' : `${bad} of ${found.length} things are wrong.`
  return {
    text: [...found.map(findingText), '', sum].join('\n'),
    document: { findings: found },
    exit: bad === 0 ? 0 : 1,
  }
}

/** Raised in the middle of a listing: its first bytes say all that is asked. */
const ENOUGH = new LayerFault('seen enough')

/** Whether Layer answers for a business with the token that is configured. Reads the beginning of one listing. */
const checkLayer = async (client: LayerClient, business: BusinessConfig, base_url: string): Promise<Finding> => {
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
    return wrong(subject, end.problem, 'Check layer.base_url, the token, and the business id')
  } catch (error) {
    if (error === ENOUGH) return right(subject, `${base_url} answers`)
    throw error
  }
}
