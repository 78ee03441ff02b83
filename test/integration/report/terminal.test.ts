import { Writable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeReports } from '../../../src/report/reports.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { type StoredBusiness, storeBusiness } from '../../support/stored-business.ts'

let database: FreshDatabase

beforeAll(async () => {
  database = await freshDatabase()
})

afterAll(() => database.close())

interface Terminal {
  isTTY?: boolean
  columns?: number
  hasColors?: () => boolean
}

const textOf = async (own: StoredBusiness, terminal: Terminal, all = false): Promise<string> => {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  await writeReports(
    database,
    { hash: '', reports: { dir: '/nowhere', formats: ['text'], url: null, per_business: false } },
    {
      ...{ as_of: null, generated_at: '2026-11-15T13:00:00Z', formats: ['text'], output: null, from: null, to: null },
      ...{ business_ids: [own.business_id], all, stdout: Object.assign(stream, terminal) },
    },
  )
  return text
}

const colourless = (columns: number): Terminal => ({ isTTY: true, columns, hasColors: () => false })

/** The heads of findings on a terminal: '-12.00 USD  Missing in the ledger'. */
const heads = (text: string): string[] =>
  text.split('\n').filter((line) => /^ {2}-?[\d,.]+ [A-Z]{3} {2}\w|^ {2}(?:Allocations|Amount) /.test(line))

/** 24 refunds of 1.00 to 24.00 USD that the books lack, one of 9,999.00 that may still come, one that falls into two months. */
async function twentySix(): Promise<StoredBusiness> {
  const own = await storeBusiness(database)
  const file_id = await own.file({})
  const missing = async (amount: number, currency = 'USD', code = 'MISSING_IN_LEDGER', more = {}): Promise<void> => {
    const row = await own.row({ occurred_on: '2026-10-20', amount, currency, file_id, refund_id: `re_${amount}` })
    await own.finding({ code, row_nos: [row], dated_on: '2026-10-20', currency, ...more }, [
      { month: '2026-10', amount: -amount, currency },
    ])
  }
  for (let whole = 1; whole <= 23; whole++) await missing(whole * 100)
  await missing(2400, 'JPY')
  await missing(999900, 'USD', 'AWAITING_LEDGER', { due_on: '2026-10-21' })
  await missing(888800, 'USD', 'CUTOFF_MISMATCH')
  return own
}

test('a terminal shows the ten largest that are to be done, 2,400 yen before 23.00 dollars, and how many more there are', async () => {
  const text = await textOf(await twentySix(), colourless(80))
  expect(heads(text)).toEqual([
    '  -2,400 JPY  Missing in the ledger',
    ...[23, 22, 21, 20, 19, 18, 17, 16, 15].map((whole) => `  -${whole}.00 USD  Missing in the ledger`),
  ])
  expect(text).toContain('\n  16 more: --all\n')
  expect(text).not.toContain('9,999.00')
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([])
})

test('with --all, and without a terminal, it is the whole of it: what is waited for is 25 days overdue', async () => {
  const own = await twentySix()
  const [whole, piped] = [await textOf(own, colourless(80), true), await textOf(own, {})]
  for (const text of [whole, piped]) {
    expect(text).not.toContain('--all')
    expect(text.match(/\[finding \d+\]/g)).toHaveLength(26)
    expect(text).toContain('-9,999.00 USD    26 days  [finding 5')
    expect(text).toContain('overdue 25 days')
    expect(text).toContain('\nFOR INFORMATION\n')
  }
  expect(whole.split('\n').filter((line) => line.length > 80)).toEqual([])
  expect(piped).toContain(`\n${'='.repeat(100)}\n`)
})

test('colours are for a terminal that has them', async () => {
  const own = await twentySix()
  expect(await textOf(own, { isTTY: true, columns: 80, hasColors: () => true })).toContain('\u001b[')
  for (const terminal of [colourless(80), { isTTY: false, hasColors: () => true }])
    expect(await textOf(own, terminal)).not.toContain('\u001b')
})

test('on 40 columns 12,345,678,901.23 is whole and keeps its currency on the same line', async () => {
  const own = await storeBusiness(database)
  const line = { direction: 'customer', processor: 'STRIPE', currency: 'USD', month: '2026-10', unexplained: 0 }
  const sums = { ledger: 1234567890123, processor_total: 0, difference: 1234567890123, explained: 1234567890123 }
  await own.add('tie_out_line', { ...line, ...sums, measure: 'amount', gross: 1234567890123 })
  await own.add('month_verdict', { month: '2026-10', verdict: 'discrepant', reasons: [] })
  const text = await textOf(own, colourless(40))
  expect(text).toContain('\n  2026-10  Stripe refunds  USD\n    Ledger      12,345,678,901.23\n')
  expect(text).toContain('12,345,678,901.23 USD net')
  expect(text.split('\n').filter((each) => each.length > 40)).toEqual([])
})
