/** Many small businesses with one Layer: each has twelve refunds of its own amounts, and three things wrong with them. */

import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts'

export const AS_OF = '2026-11-03T11:00:00Z'
const TOKEN = 'token-of-many'
const REFUNDS = 12

export interface ManyBusinesses {
  readonly folder: string
  readonly ids: readonly string[]
  readonly layer: Sandbox
  /** for a process that works with this database, and writes its reports apart from others' */
  environment(database_url: string, name: string): Record<string, string>
  /** the JSON report of a night */
  report(name: string, as_of?: string): string
  hasReport(name: string, as_of?: string): boolean
  /** the subjects of what was told */
  told(name: string): string[]
  /** a file arrives in the inbox of a business */
  arrives(place: number, file: string, text: string): void
  close(): Promise<void>
}

const two = (n: number): string => String(n).padStart(2, '0')
const idOf = (place: number): string => `5b0c8f4e-3f0a-4a55-9d0e-${String(place).padStart(12, '0')}`
/** the same place of a refund's wrongs in each business would not tell one business from another */
const isWrong = (place: number, refund: number, shift: number): boolean => refund === (place + shift) % REFUNDS
const amountOf = (place: number, refund: number): number => 1_000 + 37 * place + 101 * refund
const major = (cents: number): string => `${Math.floor(cents / 100)}.${two(cents % 100)}`

const ledgerRefunds = (place: number): Record<string, unknown>[] =>
  Array.from({ length: REFUNDS }, (_, refund) => ({ refund, name: `${place}-${refund}` }))
    .filter(({ refund }) => !isWrong(place, refund, 0))
    .map(({ refund, name }) => {
      const amount = amountOf(place, refund) + (isWrong(place, refund, 4) ? 500 : 0)
      const completed_at = `2026-10-${two(3 + refund)}T15:00:00Z`
      const fees = { fee: 0, refunded_payment_fees: [] }
      const payment = { id: `leg-${name}`, external_id: `re_${name}`, refunded_amount: amount, completed_at, ...fees }
      return {
        id: `refund-${name}`,
        external_id: null,
        refunded_amount: amount,
        status: 'PAID',
        completed_at,
        allocations: [{ id: `part-${name}`, invoice_id: `invoice-${name}`, amount, line_items: [] }],
        payments: [{ ...payment, method: 'CREDIT_CARD', processor: 'STRIPE' }],
      }
    })

const stripeReport = (place: number): string => {
  const lines = Array.from({ length: REFUNDS }, (_, refund) => {
    if (isWrong(place, refund, 8)) return []
    const at = `2026-10-${two(3 + refund)} 15:00:00`
    const amount = `-${major(amountOf(place, refund))}`
    return [`txn_${place}_${refund},${at},${at},usd,${amount},0.00,refund,re_${place}-${refund},ch_${place}-${refund},`]
  })
  const header =
    'balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,reporting_category,source_id,charge_id,automatic_payout_id'
  // a charge on the last day: the report covers all of October
  const last = `txn_${place}_last,2026-10-31 15:00:00,2026-11-02 00:00:00,usd,80.00,2.62,charge,ch_${place}_last,ch_${place}_last,`
  return `${[header, ...lines.flat(), last].join('\n')}\n`
}

const configOf = (ids: readonly string[], layer_url: string): string =>
  [
    'database: {url: "${DATABASE_URL}"}',
    'data_dir: "${HERE}/state"',
    `layer: {base_url: "${layer_url}", token: ${TOKEN}}`,
    'reports: {dir: "${HERE}/reports", formats: [json]}',
    // appends what is told, a line each
    `notify: {command: {when: always, run: [sh, -c, 'cat >> "$1"', tell, "\${HERE}/told"]}}`,
    'businesses:',
    ...ids.map((id, place) =>
      [
        `  - {id: ${id}, name: Business ${place}, currency: USD, time_zone: UTC,`,
        `     processors: [{name: STRIPE, inbox: ["inbox/${place}/*.csv"], format: stripe-itemized}]}`,
      ].join('\n'),
    ),
  ].join('\n')

/** Opens so many businesses in a folder of their own; their files have arrived. */
export async function openMany(count: number): Promise<ManyBusinesses> {
  const folder = mkdtempSync(join(tmpdir(), 'tieout-many-'))
  const ids = Array.from({ length: count }, (_, place) => idOf(place))
  const seed = {
    businesses: ids.map((id, place) => ({ id, name: `Business ${place}`, invoice_refunds: ledgerRefunds(place) })),
  }
  const layer = await startSandbox({ seed, port: 0, token: TOKEN })
  writeFileSync(join(folder, 'tieout.yaml'), configOf(ids, layer.url))
  const arrives = (place: number, file: string, text: string): void => {
    const path = join(folder, 'inbox', String(place), file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  for (const place of ids.keys()) arrives(place, 'october.csv', stripeReport(place))
  const reportPath = (name: string, as_of: string): string =>
    join(folder, name, 'reports', as_of.replaceAll(':', ''), 'report.json')
  return {
    folder,
    ids,
    layer,
    arrives,
    environment(database_url, name) {
      mkdirSync(join(folder, name), { recursive: true })
      appendFileSync(join(folder, name, 'told'), '')
      return { DATABASE_URL: database_url, HERE: join(folder, name) }
    },
    report: (name, as_of = AS_OF) => readFileSync(reportPath(name, as_of), 'utf8'),
    hasReport: (name, as_of = AS_OF) => existsSync(reportPath(name, as_of)),
    told: (name) =>
      readFileSync(join(folder, name, 'told'), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { subject: string }).subject),
    async close() {
      await layer.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
