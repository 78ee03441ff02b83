/** Findings whose sentences need more than their legs and rows, and those about a month. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { listOf, withReport } from '../../../src/report/model.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { finding, HARBOR, leg, line, refund, storeHarbor } from './harbor.ts'

let database: FreshDatabase

const statements = [
  // 109.00 USD in the ledger, 100.00 EUR at Stripe: 108.50 USD at the rate of two days before
  refund('r61', '10900', '2026-10-14'),
  leg(61, 'r61', '10900', '2026-10-14T15:00:00Z', '2026-10-14'),
  line(62, 'txn_62', 're_62', '10000', '2026-10-14', 50, { currency: "'EUR'" }),
  finding({ id: 'd61', code: 'CURRENCY_CONVERTED', legs: [61], rows: [62], on: '2026-10-14' }),
  // taken back, and nobody knows the refund; taken back of a refund that is known
  line(71, 'txn_71', 're_old', '-4500', '2026-10-20', 60, { type: "'refund_reversal'" }),
  finding({ id: 'd71', code: 'MISSING_IN_LEDGER', rows: [71], on: '2026-10-20', effects: [['2026-10', '4500']] }),
  line(72, 'txn_72', 're_11', '-500', '2026-10-21', 61, { type: "'refund_reversal'", reversal_of: '11' }),
  finding({ id: 'd72', code: 'MISSING_IN_LEDGER', rows: [72], on: '2026-10-21', effects: [['2026-10', '500']] }),
  // a month's fees
  finding({ id: 'd81', code: 'FEE_TOTAL_MISMATCH', month: '2026-10', measure: 'refund_fee', on: '2026-10-31' }),
  finding({ id: 'd82', code: 'FEES_NOT_COMPARED', month: '2026-09', on: '2026-09-30' }),
  `insert into discrepancy_effect values
     ('${HARBOR}', 'd81', '2026-10', 'STRIPE', 'USD', 0, -145, 0), ('${HARBOR}', 'd82', '2026-09', 'STRIPE', 'USD', 0, 300, 0);
   insert into tie_out_line (business_id, direction, processor, currency, month, measure, tied, ledger, processor_total, difference, explained, unexplained, gross) values
     ('${HARBOR}', 'customer', 'STRIPE', 'USD', '2026-10', 'refund_fee', 'month', 1200, 1345, -145, -145, 0, 145),
     ('${HARBOR}', 'customer', 'STRIPE', 'USD', '2026-09', 'refund_fee', 'none', 300, 0, 300, 300, 0, 300);`,
]

beforeAll(async () => {
  database = await freshDatabase()
  await storeHarbor(database)
  await database.query(statements.join('\n'))
})
afterAll(() => database.close())

const found = (from: string | null = null) =>
  withReport(
    database,
    { as_of: null, generated_at: '2026-11-02T17:00:00Z', from, to: from, business_ids: [HARBOR] },
    async ({ businesses: [business] }) => (business ? await listOf(business.discrepancies()) : []),
  )

const messageOf = async (id: string): Promise<string> => (await found()).find((each) => each.id === id)?.message ?? ''

test('100.00 EUR at the rate of 12 October are 108.50 USD, 0.50 USD less than the ledger has', async () => {
  expect(await messageOf('d61')).toContain(
    'The ledger has the refund as 109.00 USD, Stripe settled 100.00 EUR. At 1 EUR = 1.085 USD on 2026-10-12 that is 108.50 USD: the ledger has 0.50 USD more.',
  )
})

test('45.00 USD taken back of an unknown refund, and 5.00 USD of a known one, are not told as if nobody had the refund', async () => {
  expect(await messageOf('d71')).toBe(
    'Stripe took back a refund of 45.00 USD on 2026-10-20; the line of the refund itself is not in the imported files.',
  )
  expect(await messageOf('d72')).toContain('which it had made before; neither of the two is matched')
  const suggestions = (await found()).filter(({ id }) => id.startsWith('d7')).map(({ suggestion }) => suggestion)
  expect(suggestions.join(' ')).not.toContain('record the refund in Layer')
})

test("a month's refund fees of 12.00 USD in the ledger and 13.45 USD at Stripe say both totals", async () => {
  expect(await messageOf('d81')).toBe(
    'Stripe charged refund fees of 13.45 USD in October 2026, and the ledger has 12.00 USD: 1.45 USD too little.',
  )
  expect(await messageOf('d82')).toContain('for September 2026 are not compared: the configuration leaves them out')
})

test("a finding about a month's fees is reported with its month only", async () => {
  expect((await found('2026-09')).map(({ id }) => id)).toEqual(['d31', 'd82'])
  expect((await found('2026-10')).map(({ id }) => id)).not.toContain('d82')
})
