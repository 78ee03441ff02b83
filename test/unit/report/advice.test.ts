/** No finding is told or advised what one of its hints contradicts, whatever hints come together. */

import { expect, test } from 'vitest'
import { CODES, type Code } from '../../../src/core/discrepancy.ts'
import type { LegLine, RowLine } from '../../../src/report/lines.ts'
import { suggestionOf } from '../../../src/report/messages/advice.ts'
import type { Found } from '../../../src/report/messages/message-facts.ts'
import { messageOf } from '../../../src/report/messages/messages.ts'
import { type Hint, type HintKind, nearest } from '../../../src/report/related/hint.ts'

const MAKE_IT = /\b(make the refund|make it|refund the customer)\b/i
const RECORD_IT = /\brecord the refund\b/i
const CORRECT_LAYER = /^correct the processor/i
const NO_LINE = /\bno line for it\b/i
const NOT_THERE = /\bno refund for it\b/i

/** What each hint makes a harmful or a false thing to say. */
const FORBIDDEN: Readonly<Record<HintKind, readonly RegExp[]>> = {
  ledger_unpaid: [RECORD_IT, NOT_THERE],
  ledger_quarantined: [RECORD_IT, NOT_THERE],
  line_quarantined: [MAKE_IT, NO_LINE],
  conflict_line: [],
  ledger_removed: [RECORD_IT],
  other_part: [MAKE_IT, RECORD_IT],
  ledger_outside: [MAKE_IT, RECORD_IT, NOT_THERE],
  ledger_before_start: [RECORD_IT, NOT_THERE],
  refunded_again: [MAKE_IT, RECORD_IT],
  same_id_elsewhere: [MAKE_IT, RECORD_IT, CORRECT_LAYER],
  similar_id: [MAKE_IT, RECORD_IT],
  payment_id: [MAKE_IT],
  chargeback: [MAKE_IT],
  booked_already: [MAKE_IT],
  payment_refunded: [MAKE_IT],
  other_line: [MAKE_IT],
  shared_key: [MAKE_IT, RECORD_IT],
  sum: [MAKE_IT, RECORD_IT],
  failed_refund: [],
  same_amount: [MAKE_IT, RECORD_IT],
}

const OF_ROWS: readonly HintKind[] = [
  ...(['ledger_unpaid', 'ledger_quarantined', 'ledger_outside', 'ledger_before_start', 'refunded_again'] as const),
  ...(['ledger_removed', 'other_part', 'payment_refunded'] as const),
  ...(['same_id_elsewhere', 'similar_id', 'chargeback', 'shared_key', 'sum', 'failed_refund', 'same_amount'] as const),
]
/** Of a refund that failed it can be said as well that it was made again. */
const OF_LEGS: readonly HintKind[] = [
  ...(['same_id_elsewhere', 'similar_id', 'payment_id', 'chargeback', 'booked_already'] as const),
  ...(['payment_refunded', 'other_line', 'shared_key', 'sum', 'failed_refund', 'same_amount'] as const),
]

const leg: LegLine = {
  ...{ leg_id: 'pay_1', refund_id: 'ref_1', external_id: 're_1', refund_external_id: null, processor: 'STRIPE' },
  ...{ amount: 4500n, refund_fee: 0n, returned_fee: 0n, completed_at: '2026-10-14', references: [] },
  ...{ payment_keys: [], method: 'CREDIT_CARD', completed_on: '2026-10-14', pulled_at: null },
}
const row: RowLine = {
  ...{
    transaction_id: 'txn_1',
    processor: 'STRIPE',
    account: '',
    refund_id: 're_1',
    payment_id: ['ch_1'],
    type: 'refund',
  },
  ...{
    amount: 4500n,
    refund_fee: 0n,
    returned_fee: 0n,
    currency: 'USD',
    presented_amount: null,
    presented_currency: null,
  },
  ...{ occurred_on: '2026-10-14', file: 'october.csv', line: 37n, references: [], reverses: null },
}
const reversal: RowLine = { ...row, transaction_id: 'txn_2', type: 'refund_reversal', amount: -4500n }

/** Each code that has hints, with its sides. */
const CASES: readonly [Code, LegLine[], RowLine[], readonly HintKind[]][] = [
  ['MISSING_IN_LEDGER', [], [row], OF_ROWS],
  ['AWAITING_LEDGER', [], [row], OF_ROWS],
  ['MISSING_IN_LEDGER', [], [reversal], OF_ROWS],
  ['MISSING_AT_PROCESSOR', [leg], [], ['line_quarantined', 'other_part', ...OF_LEGS]],
  ['MISSING_AT_PROCESSOR', [{ ...leg, processor: 'STRIPE_EU' }], [], OF_LEGS],
  ['MISSING_AT_PROCESSOR', [{ ...leg, processor: 'UNASSIGNED', method: 'ACH' }], [], OF_LEGS],
  ['AWAITING_PROCESSOR', [leg], [], ['line_quarantined', 'other_part', ...OF_LEGS]],
  ['DUPLICATE_IN_LEDGER', [leg], [], ['other_part', ...OF_LEGS]],
  ['REFUND_FAILED', [leg], [row, reversal], ['refunded_again', 'ledger_outside', ...OF_LEGS]],
  ['LEDGER_REFUND_REMOVED', [], [], OF_LEGS],
  ['OVER_REFUND', [], [row, { ...row, transaction_id: 'txn_3' }], OF_ROWS],
]

const business = {
  ...{ business_id: 'b', name: 'Harbor Coffee', currency: 'USD', time_zone: 'UTC', materiality_item: null },
  ...{ materiality_month: null, processors: ['STRIPE'], reconciled_as_of: null },
}

const found = (code: Code, legs: LegLine[], rows: RowLine[], related: Hint[]): Found => ({
  ...{ id: 'd1', code, class: CODES[code].class, status: 'open', late: false, business_id: 'b', direction: 'customer' },
  ...{ processor: 'STRIPE', currency: 'USD', age_days: 3, age_bucket: '2-7', due_on: '2026-10-16', material: null },
  ...{ first_seen_at: '2026-11-02T16:00:00Z', last_seen_at: '2026-11-02T16:00:00Z', refund_id: null, legs, rows },
  ...{ owner: null, owner_due_on: null, comments: [], history: [] },
  ...{ effects: [], related, decision: null, month: null, measure: null, dated_on: null, of_code: 1n },
})

const hint = (kind: HintKind): Hint => ({ kind, target: { refund_id: kind }, reason: `as ${kind} says`, days: 1 })

/** All choices of at most three. */
function* choices(kinds: readonly HintKind[]): Generator<HintKind[]> {
  yield []
  for (const [i, a] of kinds.entries()) {
    yield [a]
    for (const [j, b] of kinds.slice(i + 1).entries()) {
      yield [a, b]
      for (const c of kinds.slice(i + j + 2)) yield [a, b, c]
    }
  }
}

test.each(CASES)('%s says nothing that a hint contradicts', (code, legs, rows, kinds) => {
  const wrong: string[] = []
  let told = 0
  for (const chosen of choices(kinds)) {
    const finding = found(code, legs, rows, nearest(chosen.map(hint)))
    const facts = { refunds: [], rates: [], fee_totals: [], missing: null }
    const said = `${messageOf(finding, facts, business)} ${suggestionOf(finding, business)}`
    const advice = suggestionOf(finding, business)
    told += 1
    for (const kind of chosen)
      for (const words of FORBIDDEN[kind])
        if (words.test(words === CORRECT_LAYER ? advice : said)) wrong.push(`${chosen}: ${words} in: ${said}`)
  }
  expect(wrong).toEqual([])
  expect(told).toBeGreaterThan(200)
})

test('money that is matched and differs is not to be corrected while another line or a second part is there', () => {
  const advice = (kind: HintKind): string =>
    suggestionOf(found('AMOUNT_MISMATCH', [leg], [row], [hint(kind)]), business)
  expect(advice('conflict_line')).toMatch(/^Check at the processor which of its two lines is right/)
  expect(advice('other_part')).toMatch(/^Check first whether it is a part of the refund named above/)
})

test('of an amount that differs it is said who owes whom the rest', () => {
  const advice = (cents: bigint, direction: 'customer' | 'vendor'): string =>
    suggestionOf({ ...found('AMOUNT_MISMATCH', [{ ...leg, amount: cents }], [row], []), direction }, business)
  const said =
    "Check which amount was agreed. If the processor's is right, correct the refund in Layer; if the ledger's amount was agreed, "
  expect(advice(5000n, 'customer')).toBe(`${said}the customer is still owed the rest.`)
  expect(advice(4000n, 'customer')).toBe(`${said}ask the customer for the rest back.`)
  expect(advice(5000n, 'vendor')).toBe(`${said}ask the vendor for the rest.`)
  expect(advice(4000n, 'vendor')).toBe(`${said}give the rest back to the vendor.`)
})

test('without hints each says what to check before what to do', () => {
  const advice = (code: Code, legs: LegLine[], rows: RowLine[]): string =>
    suggestionOf(found(code, legs, rows, []), business)
  expect(advice('MISSING_AT_PROCESSOR', [leg], [])).toBe(
    'Look the refund up at the processor: it may be pending for lack of balance, have been cancelled before it was sent, or have been sent from another account, whose files are then to be imported. If it was cancelled, reverse it in Layer. Only if the customer is still owed the money, make the refund.',
  )
  expect(advice('MISSING_AT_PROCESSOR', [{ ...leg, processor: 'UNASSIGNED', method: 'ACH' }], [])).toBe(
    'Find out how it was paid, as in the bank statement. If a processor moved it, name it in Layer. Only if no refund by ACH ever goes through a processor, add ACH to outside.methods in tieout.yaml.',
  )
  expect(advice('PROCESSOR_MISMATCH', [{ ...leg, processor: 'STRIPE_EU' }], [row])).toBe(
    'If STRIPE_EU is another name of Stripe, add it under its aliases in tieout.yaml; else correct the processor of the refund payment in Layer.',
  )
  expect(advice('PROCESSOR_MISMATCH', [{ ...leg, processor: 'STRIPE' }], [{ ...row, processor: 'PAYPAL' }])).toMatch(
    /^Correct the processor/,
  )
})
