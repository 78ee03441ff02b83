/** One small night from listing and files to findings: what a discrepancy fixture describes, run on the real path. */

import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeSettings } from '../../src/business/settings.ts'
import type { BusinessConfig, FeePolicy, MappingConfig, ProcessorConfig } from '../../src/config/config.ts'
import type { Database } from '../../src/database/connect.ts'
import { createLayerClient } from '../../src/ledger/layer-api/client.ts'
import { pullRefunds } from '../../src/ledger/pull-refunds.ts'
import { importFiles } from '../../src/processor/import-files.ts'
import { reconcile } from '../../src/reconciliation/reconcile.ts'
import { PLAIN_BUSINESS, PLAIN_MAPPING, PLAIN_PROCESSOR } from './plain-config.ts'
import { quiet } from './quiet.ts'

export interface Effect {
  month: string
  processor: string
  currency: string
  amount: number
  refund_fee: number
  returned_fee: number
}

export interface Finding {
  code: string
  /** payments[].id */
  legs: string[]
  /** transaction ids */
  rows: string[]
  refund_id: string | null
  effects: Effect[]
}

export interface SmallNight {
  /** what is so, in a sentence */
  says: string
  customer: unknown[]
  vendor: unknown[]
  /** an earlier complete pull, the day before */
  earlier_customer?: unknown[]
  earlier_vendor?: unknown[]
  /** processor -> lines of its file, under the header below */
  files: Record<string, string[]>
  time_zone?: string
  amount_tolerance?: number
  fee_tolerance?: number
  /** processor -> how its fees are compared */
  fees?: Record<string, FeePolicy[]>
  /** lines of the rates file: date,from,to,rate */
  rates?: string[]
  /** in hundredths of a percent */
  rate_tolerance_bp?: number
  /** everything there is to find, nothing else */
  finds: Finding[]
}

export const AS_OF = '2026-11-20T12:00:00Z'
const THE_DAY_BEFORE = '2026-11-19T12:00:00Z'
const COVERS = { from: '2026-10-01', to: '2026-11-19' }
const HEADER = 'Id,Kind,Refund,Payment,Order,Amount,Fee,Currency,Date'

const MAPPING: MappingConfig = {
  ...PLAIN_MAPPING,
  delimiter: ',',
  columns: {
    ...PLAIN_MAPPING.columns,
    transaction_id: 'Id',
    type: 'Kind',
    refund_id: 'Refund',
    payment_id: 'Payment',
    references: ['Order'],
    amount: 'Amount',
    fee: 'Fee',
    returned_fee: null,
    currency: 'Currency',
    occurred_at: 'Date',
  },
  types: {
    ...{ Refund: 'refund', 'Refund failed': 'refund_reversal', 'Vendor credit': 'vendor_refund', Payment: 'payment' },
    Dispute: 'chargeback',
  },
  amount_unit: 'major',
  refund_sign: 'negative',
  vendor_refund_sign: 'negative',
  fee_sign: 'positive',
  date_format: 'yyyy-MM-dd HH:mm:ss',
  time_zone: 'UTC',
  refund_id_pattern: '^re_[0-9]+$',
}

/** What one night brings: whole listings, and new lines of files. */
export type TakenIn = Pick<SmallNight, 'customer' | 'vendor' | 'files'> & {
  as_of: string
  /** the last date that the files cover, where it is not the usual one */
  covers_to?: string | undefined
}

function businessOf(night: Partial<SmallNight>): BusinessConfig {
  const processor = (name: string, aliases: string[]): ProcessorConfig => ({
    ...PLAIN_PROCESSOR,
    name,
    account: '',
    aliases,
    time_zone: 'UTC',
    format: MAPPING,
    inbox: [],
    settlement_lag_days: 5,
    coverage_hole_days: 3,
    date_window_days: 3,
    amount_tolerance: BigInt(night.amount_tolerance ?? 0),
    fee_tolerance: BigInt(night.fee_tolerance ?? 0),
    fees: night.fees?.[name] ?? [],
    reference_columns: [],
    date_order: null,
  })
  return {
    ...PLAIN_BUSINESS,
    id: randomUUID(),
    name: 'Harbor Coffee',
    currency: 'USD',
    time_zone: night.time_zone ?? 'UTC',
    ledger_lag_days: 2,
    four_eyes: false,
    rate_tolerance_bp: night.rate_tolerance_bp ?? PLAIN_BUSINESS.rate_tolerance_bp,
    processors: [processor('STRIPE', ['STRIPE_CONNECT']), processor('BILLPAY', [])],
  }
}

/** Pulls both listings, of customer and vendor refunds, over HTTP. */
export async function pullListing(
  database: Database,
  business: BusinessConfig,
  as_of: string,
  lists: unknown[][],
): Promise<void> {
  const server = createServer((request, response) => {
    const list = request.url?.includes('/bills/') ? lists[1] : lists[0]
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(list))
  })
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  const clock = { now: () => Date.parse(as_of), sleep: async () => undefined, random: () => 0.5 }
  const client = createLayerClient(
    { base_url: `http://127.0.0.1:${port}`, auth: { kind: 'token', token: 'a-token' } },
    { clock, log: quiet },
  )
  try {
    await pullRefunds(database, business, { client, as_of, now: () => as_of, log: quiet })
  } finally {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
}

const FINDINGS = `
  select stored.code, stored.refund_id,
    array(select leg.leg_id from unnest(stored.leg_nos) with ordinality as listed (leg_no, place)
          join ledger_leg leg on leg.business_id = $1 and leg.leg_no = listed.leg_no order by listed.place) as legs,
    array(select line.transaction_id from unnest(stored.row_nos) with ordinality as listed (row_no, place)
          join processor_row line on line.business_id = $1 and line.row_no = listed.row_no order by listed.place) as rows,
    coalesce((select json_agg(json_build_object('month', month, 'processor', processor, 'currency', currency, 'amount', amount,
                'refund_fee', refund_fee, 'returned_fee', returned_fee) order by month, processor, currency)
              from discrepancy_effect effect
              where effect.business_id = $1 and effect.discrepancy_id = stored.discrepancy_id), '[]') as effects
  from discrepancy stored
  where stored.business_id = $1 and stored.status <> 'cleared'
  order by stored.code, legs, rows`

export interface NightResult {
  business_id: string
  finds: Finding[]
  unexplained_lines: number
}

/** A business to live through nights with: its settings are stored. */
export async function openBusiness(database: Database, settings: Partial<SmallNight> = {}): Promise<BusinessConfig> {
  const folder = mkdtempSync(join(tmpdir(), 'tieout-settings-'))
  try {
    const rates = settings.rates === undefined ? null : join(folder, 'rates.csv')
    if (rates !== null) writeFileSync(rates, `${['date,from,to,rate', ...(settings.rates ?? [])].join('\n')}\n`)
    const business = { ...businessOf(settings), rates }
    await storeSettings(database, business)
    return business
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Takes in one night's listings, and per processor the lines of one new file. */
export async function takeIn(database: Database, business: BusinessConfig, night: TakenIn): Promise<void> {
  await pullListing(database, business, night.as_of, [night.customer, night.vendor])
  const folder = mkdtempSync(join(tmpdir(), 'tieout-night-'))
  try {
    for (const processor of business.processors) {
      const lines = night.files[processor.name]
      if (lines === undefined) continue
      const path = join(folder, `${processor.name.toLowerCase()}.csv`)
      writeFileSync(path, `${[HEADER, ...lines].join('\n')}\n`)
      const { as_of, covers_to = COVERS.to } = night
      const covers = { ...COVERS, to: covers_to }
      const options = { format: null, covers, strict: false, as_of, imported_at: as_of, folder }
      const [outcome] = await importFiles(database, business, processor, [path], options)
      if (outcome?.problem !== undefined && outcome.problem !== null) throw new Error(outcome.problem)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Pulls, imports and reconciles the night as a business of its own. */
export async function liveThrough(database: Database, night: SmallNight): Promise<NightResult> {
  const business = await openBusiness(database, night)
  const { earlier_customer, earlier_vendor } = night
  if (earlier_customer ?? earlier_vendor) {
    await pullListing(database, business, THE_DAY_BEFORE, [earlier_customer ?? [], earlier_vendor ?? []])
  }
  await takeIn(database, business, { ...night, as_of: AS_OF })
  const { unexplained_lines } = await reconcile(database, business.id, { as_of: AS_OF, now: AS_OF, log: quiet })
  return { business_id: business.id, finds: await database.query<Finding>(FINDINGS, [business.id]), unexplained_lines }
}

/** The words of a listing of customer refunds, and of one of vendor refunds. */
const WORDS = [
  ['invoice_', 'bill_'],
  ['"fee"', '"refund_processing_fee"'],
] as const
const KINDS = ['Refund', 'Vendor credit'] as const

/** The same night with the directions exchanged: what customers were given back, vendors gave back. */
export function inOtherDirection(night: SmallNight): SmallNight {
  const swapped = (text: string, [one, other]: readonly [string, string]): string =>
    text.replaceAll(one, '\0').replaceAll(other, one).replaceAll('\0', other)
  const listing = (refunds: unknown[] = []): unknown[] =>
    JSON.parse(WORDS.reduce(swapped, JSON.stringify(refunds))) as unknown[]
  const kind = (line: string): string => {
    const [id, word, ...cells] = line.split(',')
    return [id, word === KINDS[0] ? KINDS[1] : word === KINDS[1] ? KINDS[0] : word, ...cells].join()
  }
  const { customer, vendor, earlier_customer, earlier_vendor, files, ...settings } = night
  return {
    ...settings,
    customer: listing(vendor),
    vendor: listing(customer),
    ...(earlier_vendor && { earlier_customer: listing(earlier_vendor) }),
    ...(earlier_customer && { earlier_vendor: listing(earlier_customer) }),
    files: Object.fromEntries(Object.entries(files).map(([processor, lines]) => [processor, lines.map(kind)])),
  }
}
