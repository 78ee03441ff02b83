import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SQL_FOLDER } from '../../../src/database/statement.ts'
import { coverDates, sumMonths, tieOut } from '../../../src/reconciliation/tie-out.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { type StoredBusiness, storeBusiness } from '../../support/stored-business.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

const FOLDER = join(SQL_FOLDER, 'integrity')
const QUERIES = readdirSync(FOLDER).map((file) => ({
  name: file.replace('.sql', ''),
  text: readFileSync(join(FOLDER, file), 'utf8'),
}))

/** What the queries say of the business: 'matches: match 1 ...'. */
async function wrong({ business_id }: StoredBusiness): Promise<string[]> {
  const said: string[] = []
  for (const { name, text } of QUERIES) {
    const rows = await database.query<{ wrong: string }>(
      `select wrong from (${text}) said where business_id = $1 order by 1`,
      [business_id],
    )
    said.push(...rows.map((row) => `${name}: ${row.wrong}`))
  }
  return said
}

interface World {
  own: StoredBusiness
  /** a pair of 45.00, with its finding of 0.30 */
  leg: number
  row: number
  /** an open leg of 5.00 */
  open: number
  /** a refund of 10.00 and its reversal */
  refund: number
  reversal: number
}

/** A business as a run leaves it: a pair with a finding, an open leg, a cancelled refund, cash, fee lines. */
async function store(settings: Record<string, unknown> = {}): Promise<World> {
  const own = await storeBusiness(database, settings)
  await own.processor('STRIPE')
  await own.add('fee_policy', { processor: 'ADYEN', from_month: '2026-10-01', tie: 'month', categories: ['Fee'] })
  const file_id = await own.file({ covers_from: '2026-10-01', covers_to: '2026-11-14' })
  const adyen = await own.file({ processor: 'ADYEN' })
  const version = { first_pull_id: 1, changed_pull_id: 1, last_pull_id: 1, content_pull_id: 1, content_place: 0 }
  const refundOf = async (refund_id: string, place: number): Promise<{ refund_id: string }> => {
    await own.add('ledger_refund', {
      ...{ direction: 'customer', refund_id, content_hash: `hash of ${refund_id}`, refunded_amount: 100 },
      ...{ reference_keys: [], payment_keys: [], ...version, content_page: place },
    })
    await own.add('ledger_page', { pull_id: 1, page_no: place, refunds: 1, codec: 'brotli', raw: '' })
    return { refund_id }
  }
  const leg = await own.leg({
    ...(await refundOf('matched', 1)),
    completed_on: '2026-10-05',
    amount: 4500,
    refund_fee: 30,
  })
  const row = await own.row({ occurred_on: '2026-10-05', amount: 4500, file_id, payment_ids: ['ch_1'] })
  await own.match([leg], [row])
  await own.finding({ code: 'REFUND_FEE_MISMATCH', leg_nos: [leg], row_nos: [row] }, [
    { month: '2026-10', refund_fee: 30 },
  ])
  const open = await own.leg({ ...(await refundOf('open', 2)), completed_on: '2026-11-05', amount: 500 })
  await own.open(open, 'leg')
  await own.finding({ code: 'AWAITING_PROCESSOR', leg_nos: [open] }, [{ month: '2026-11', amount: 500 }])
  const refund = await own.row({ occurred_on: '2026-11-05', amount: 1000, file_id })
  const undoes = { type: 'refund_reversal', reversal_of: refund }
  const reversal = await own.row({ ...undoes, occurred_on: '2026-11-06', amount: -1000, file_id })
  await own.match([], [refund, reversal], 'cancelled')
  await own.leg({
    ...(await refundOf('cash', 3)),
    completed_on: '2026-11-05',
    amount: 700,
    processor_named: null,
    method: 'CASH',
  })
  await own.row({
    occurred_on: '2026-11-05',
    type: 'other',
    category: 'Fee',
    processor: 'ADYEN',
    amount: -40,
    file_id: adyen,
  })
  await own.finding({ code: 'FEES_NOT_COMPARED', month: '2026-11', processor: 'ADYEN' }, [
    { month: '2026-11', processor: 'ADYEN', refund_fee: -40 },
  ])
  const total = { direction: 'customer', processor: 'STRIPE', amount: 0, count: 1 }
  await own.add('match_total', { ...total, pass: 'refund_id', legs: 1, rows: 1, amount: 4500 })
  await own.add('match_total', { ...total, pass: 'cancelled', legs: 0, rows: 2 })
  const zeros = '0'.repeat(64)
  await own.add('event', {
    event_number: 1,
    at: '2026-11-15',
    actor: 'run',
    kind: 'run',
    previous_hash: zeros,
    hash: 'a',
  })
  await own.add('event', {
    event_number: 2,
    at: '2026-11-15',
    actor: 'run',
    kind: 'run',
    previous_hash: 'a',
    hash: 'b',
  })
  await database.query(`update match_item set balanced = pass = 'cancelled' where business_id = $1`, [own.business_id])
  await database.query('update reconciliation set item_mark = $2 where business_id = $1', [
    own.business_id,
    reversal + 10,
  ])
  await own.begin()
  await coverDates(database, own.business_id)
  await sumMonths(database, own.business_id, { every_month: true, months: [] })
  await tieOut(database, own.business_id)
  return { own, leg, row, open, refund, reversal }
}

test('of a business as a run leaves it nothing is wrong', async () => {
  const { own } = await store()
  expect(await wrong(own)).toEqual([])
  expect(QUERIES.length).toBeGreaterThan(10)
})

describe('what breaks', () => {
  interface Breach {
    says: string
    sql: string
    /** how the lines begin, as regular expressions */
    wrong: string[]
  }
  const BREACHES: Breach[] = [
    {
      says: 'a matched leg that left the ledger',
      sql: `update ledger_leg set active = false where leg_no = :leg`,
      wrong: [
        'discrepancy_items: REFUND_FEE_MISMATCH finding \\d+ lists leg \\d+, which is not active',
        'matched_items: match \\d+ holds leg \\d+, which does not count',
        'tie_out: customer STRIPE USD 2026-10 amount: -4500 is unexplained',
        'tie_out: customer STRIPE USD 2026-10 refund_fee: -30 is unexplained',
        'tie_out_lines: customer STRIPE USD 2026-10 amount: stored 4500 - 4500, explained 0, summed anew 0 - 4500',
        'tie_out_lines: customer STRIPE USD 2026-10 refund_fee: stored 30 - 0, explained 30, summed anew 0 - 0',
      ],
    },
    {
      says: 'an open item that does not count',
      sql: `insert into open_item values (:business, 1, 'row', 'unmatched')`,
      wrong: ['open_items: row 1'],
    },
    {
      says: 'a leg in no place',
      sql: `delete from open_item where business_id = :business`,
      wrong: ['items_in_one_place: leg'],
    },
    {
      says: 'a row in two places',
      sql: `insert into open_item values (:business, :row, 'row', 'unmatched')`,
      wrong: ['items_in_one_place: row'],
    },
    {
      says: 'an island without legs',
      sql: `delete from match_item where row_no = :row; insert into open_item values (:business, :row, 'row', 'ambiguous', 1)`,
      wrong: ['items_in_one_place: leg', 'match_totals: ', 'open_items: island 1: its least item is'],
    },
    {
      says: 'a match that bears none of its numbers',
      sql: `update match_item set match_no = 1 where leg_no = :leg`,
      wrong: ['matches: match 1'],
    },
    {
      says: 'a match without a leg that is no cancelled one',
      sql: `update match_item set leg_no = null, match_no = row_no where leg_no = :leg`,
      wrong: ['items_in_one_place: leg', 'match_totals: ', 'matches: match'],
    },
    {
      says: 'a balanced match with a difference of 0.30',
      sql: `update match_item set balanced = true where leg_no = :leg`,
      wrong: ['balanced_matches: match \\d+ is balanced, but its legs and rows differ in a month'],
    },
    {
      says: 'a balanced match of a cancelled refund whose fee stayed',
      sql: `update processor_row set refund_fee = 5 where row_no = :refund`,
      wrong: ['balanced_matches: match \\d+ is balanced, but its legs', 'tie_out: ', 'tie_out_lines: '],
    },
    {
      says: 'an effect that is too small',
      sql: `update discrepancy_effect set refund_fee = 29 where business_id = :business and refund_fee = 30`,
      wrong: [
        'roll_forward: customer STRIPE USD 2026-10 refund_fee: the roll-forward does not carry',
        'roll_forward: customer STRIPE USD 2026-11 refund_fee: the roll-forward does not carry',
        'tie_out: customer STRIPE USD 2026-10 refund_fee: 1 is unexplained',
        'tie_out_lines: ',
      ],
    },
    {
      says: 'a month with a finding too many',
      sql: `update tie_out_line set findings = findings + 1 where business_id = :business and month = '2026-10' and measure = 'amount'`,
      wrong: [
        'roll_forward: customer STRIPE USD 2026-10 count: the roll-forward does not carry',
        'roll_forward: customer STRIPE USD 2026-11 count: the roll-forward does not carry',
      ],
    },
    {
      says: 'a tie-out line that says nothing is unexplained',
      sql: `update tie_out_line set unexplained = 1 where business_id = :business and month = '2026-10' and measure = 'amount'`,
      wrong: ['tie_out_lines: customer STRIPE USD 2026-10 amount'],
    },
    {
      says: 'a tie-out line too many',
      sql: `insert into tie_out_line values (:business, 'customer', 'STRIPE', 'USD', '2026-09', 'amount', null, 0, 0, 0, 0, 0, 0, 0)`,
      wrong: ['tie_out_lines: customer STRIPE USD 2026-09 amount: stored 0 - 0, explained 0, summed anew nothing'],
    },
    {
      says: 'a total of cash',
      sql: `update outside_total set legs = 2 where business_id = :business`,
      wrong: ['outside_totals: customer CASH'],
    },
    {
      says: 'a total of a pass',
      sql: `update match_total set rows = 3 where business_id = :business and pass = 'cancelled'`,
      wrong: [
        'match_totals: customer STRIPE cancelled: stored 0 legs, 3 rows, 0, 1 matches; summed anew 0 legs, 2 rows, 0, 1 matches',
      ],
    },
    {
      says: 'a finding about a leg that never was',
      sql: `update discrepancy set leg_nos = '{1}' where business_id = :business and code = 'AWAITING_PROCESSOR'`,
      wrong: ['discrepancy_items: AWAITING_PROCESSOR finding \\d+ lists leg 1, which is not stored'],
    },
    {
      says: 'a refund whose content is gone',
      sql: `delete from ledger_page where business_id = :business and page_no = 2`,
      wrong: ['refunds: customer refund open'],
    },
    {
      says: 'a leg of a removed refund',
      sql: `update ledger_refund set removed_pull_id = 2 where business_id = :business and refund_id = 'open'`,
      wrong: ['refunds: leg \\d+ is of customer refund open, which the ledger no longer holds'],
    },
    {
      says: 'a fee policy that no run has read',
      sql: `update fee_span set before_month = '2026-12-01' where business_id = :business and processor = 'ADYEN' and from_month = '2026-10-01'`,
      wrong: ['fee_spans: ADYEN from 2026-10-01'],
    },
    { says: 'a row of no file', sql: `update processor_row set file_id = 0 where row_no = :row`, wrong: ['rows: row'] },
    {
      says: 'a reversal of another direction',
      sql: `update processor_row set reversal_of = 1 where row_no = :reversal`,
      wrong: ['rows: row \\d+ is a reversal of row 1, which is not stored'],
    },
    {
      says: 'coverage that no file has',
      sql: `update coverage_span set covers_to = '2026-11-20' where business_id = :business`,
      wrong: ['coverage: STRIPE: stored'],
    },
    {
      says: 'a gap in the events, and a chain that does not hold',
      sql: `insert into event (business_id, event_number, at, actor, kind, previous_hash, hash) values (:business, 4, now(), 'run', 'run', 'a', 'c')`,
      wrong: ['events: event 4: the one before it is missing'],
    },
  ]
  for (const breach of BREACHES)
    test(breach.says, async () => {
      const { own, ...numbers } = await store()
      const sql = Object.entries(numbers).reduce((text, [name, no]) => text.replaceAll(`:${name}`, `${no}`), breach.sql)
      await database.query(sql.replaceAll(':business', `'${own.business_id}'`))
      const said = await wrong(own)
      expect(said).toEqual(breach.wrong.map((line) => expect.stringMatching(new RegExp(`^${line}`))))
    })
})

test('a misbooked refund, a reversal, another currency and another processor are no balanced match', async () => {
  const own = await storeBusiness(database)
  await own.file({ payment_id_patterns: ['^ch_'] })
  const balanced = async (leg: Record<string, unknown>, rows: Record<string, unknown>[]): Promise<void> => {
    const legs = [await own.leg({ completed_on: '2026-10-05', amount: 100, ...leg })]
    const numbers: number[] = []
    for (const row of rows) numbers.push(await own.row({ occurred_on: '2026-10-05', amount: 100, ...row }))
    await own.match(legs, numbers)
  }
  await balanced({ payment_keys: ['ch_2'] }, [{ payment_ids: ['ch_1'] }])
  await balanced({ payment_keys: ['ch_1', 'ch_2'] }, [{ payment_ids: ['ch_1'] }])
  await balanced({ payment_keys: ['INV-2'] }, [{ payment_ids: ['ch_1'] }])
  await balanced({}, [{}, { type: 'refund_reversal', amount: 0, refund_fee: -5 }])
  await balanced({}, [{ currency: 'EUR' }])
  await balanced({ processor_named: null }, [{}])
  await own.begin()
  await database.query('update match_item set balanced = true where business_id = $1', [own.business_id])
  const said = (await wrong(own))
    .filter((line) => line.startsWith('balanced'))
    .map((line) => line.replace(/.*, but /, ''))
  expect(said.sort()).toEqual([
    'a refund of it is booked against another payment',
    'a row of it was reversed',
    'its legs and rows differ in a month', // the fee of the reversal
    'its legs and rows differ in a month', // the other currency
    'its legs and rows differ in a month', // the other processor
    "its rows are another processor's",
    'its rows are in another currency',
  ])
})
