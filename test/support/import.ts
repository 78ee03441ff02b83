/** For tests of imports: a business with Stripe and a mapped processor, files written by hand, and what was kept. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeSettings } from '../../src/business/settings.ts'
import type { BusinessConfig, ProcessorConfig } from '../../src/config/config.ts'
import { type FileOutcome, type ImportOptions, importFiles } from '../../src/processor/import-files.ts'
import { type FreshDatabase, freshDatabase } from './database.ts'
import { PLAIN_BUSINESS, PLAIN_PROCESSOR } from './plain-config.ts'

export const STRIPE: ProcessorConfig = {
  ...PLAIN_PROCESSOR,
  name: 'STRIPE',
  account: '',
  aliases: [],
  time_zone: 'UTC',
  format: 'auto',
  inbox: [],
  settlement_lag_days: 5,
  coverage_hole_days: 3,
  date_window_days: 3,
  amount_tolerance: 0n,
  fee_tolerance: 0n,
  reference_columns: [],
  date_order: null,
}

export const HARBOR: BusinessConfig = {
  ...PLAIN_BUSINESS,
  id: '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01',
  name: 'Harbor Coffee',
  currency: 'USD',
  time_zone: 'America/New_York',
  ledger_lag_days: 2,
  four_eyes: false,
  processors: [STRIPE],
}

export const STRIPE_HEADER =
  'balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,reporting_category,source_id,charge_id,automatic_payout_id'

const PLAIN: Omit<ImportOptions, 'folder'> = {
  format: null,
  covers: null,
  strict: false,
  as_of: '2026-11-02T06:00:00Z',
  imported_at: '2026-11-02T06:00:00Z',
}

export interface ImportDesk {
  database: FreshDatabase
  folder: string
  /** writes a file of these bytes or lines and gives its path */
  file(name: string, content: Buffer | string | readonly string[]): string
  /** imports one file for Stripe */
  take(path: string, options?: Partial<ImportOptions>, processor?: ProcessorConfig): Promise<FileOutcome>
  /** all rows as 'id type amount refund_fee/returned_fee currency date available payout file:line', by id */
  rows(): Promise<string[]>
  /** all quarantined lines as 'file:line kind reason' */
  aside(): Promise<string[]>
  /** the files as 'name records accepted known quarantined from to' */
  files(): Promise<string[]>
  /** counts of every table that an import writes: to see that nothing changed */
  state(): Promise<string>
  close(): Promise<void>
}

export const openDesk = async (given?: FreshDatabase): Promise<ImportDesk> => {
  const database = given ?? (await freshDatabase())
  const folder = mkdtempSync(join(tmpdir(), 'tieout-import-'))
  await storeSettings(database, HARBOR)
  const texts = async (sql: string): Promise<string[]> =>
    (await database.query<{ said: string }>(sql)).map(({ said }) => said)
  return {
    database,
    folder,
    file(name, content) {
      const path = join(folder, name)
      writeFileSync(path, typeof content === 'string' || Buffer.isBuffer(content) ? content : `${content.join('\n')}\n`)
      return path
    },
    async take(path, options = {}, processor = STRIPE) {
      const [outcome] = await importFiles(database, HARBOR, processor, [path], { ...PLAIN, folder, ...options })
      if (!outcome) throw new Error('no outcome')
      return outcome
    },
    rows: async () =>
      await texts(`
        select format('%s %s %s %s/%s %s %s %s %s %s:%s', r.transaction_id, r.type, r.amount, r.refund_fee,
          r.returned_fee, r.currency, r.occurred_on, coalesce(r.available_on::text, '-'), coalesce(r.payout_id, '-'),
          f.name, r.line) as said
        from processor_row r join processor_file f using (business_id, file_id) order by r.transaction_id, r.account`),
    aside: async () =>
      await texts(`
        select format('%s:%s %s %s', source, line, kind, reason) as said from quarantine order by quarantine_id`),
    files: async () =>
      await texts(`
        select format('%s %s %s %s %s %s %s', name, records, accepted, known, quarantined, covers_from, covers_to) as said
        from processor_file order by file_id`),
    state: async () =>
      (
        await texts(`
          select format('%s %s %s', (select count(*) from processor_row), (select count(*) from processor_file),
            (select count(*) from quarantine)) as said`)
      ).join(),
    close: async () => {
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
