import { describe, expect, test } from 'vitest'
import { readRefund } from '../../../src/ledger/layer-wire.ts'

const customerRefund = {
  id: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
  external_id: ' re_1 ',
  refunded_amount: 1250,
  status: 'PAID',
  completed_at: '2026-10-31T23:30:00Z',
  allocations: [
    {
      id: 'al_1',
      amount: 1250,
      invoice_external_id: 'ORD-7',
      invoice_payment_external_id: 'ch_9',
      customer: { individual_name: 'Ada Example', email: 'ada@example.com' },
    },
  ],
  payments: [
    {
      id: 'pay_1',
      external_id: 're_1',
      refunded_amount: 1250,
      fee: 25,
      completed_at: '2026-11-01T02:30:00.5Z',
      method: 'credit_card',
      processor: ' stripe ',
      refunded_payment_fees: [{ fee_amount: 30 }, { fee_amount: null }, { fee_amount: 6 }],
    },
  ],
  reference_number: 'RF-1',
}

const read = (refund: unknown, time_zone = 'America/New_York') => readRefund(refund, JSON.stringify(refund), time_zone)

const accepted = (refund: unknown) => {
  const result = read(refund)
  if (!('refund' in result)) throw new Error(result.quarantine.reason)
  return result.refund
}

const setAside = (refund: unknown) => {
  const result = read(refund)
  if (!('quarantine' in result)) throw new Error('the refund was accepted')
  return result.quarantine
}

const leg = (changes: object) => ({ ...customerRefund, payments: [{ ...customerRefund.payments[0], ...changes }] })
const allocation = (changes: object) => ({
  ...customerRefund,
  allocations: [{ ...customerRefund.allocations[0], ...changes }],
})

describe('a refund of the ledger', () => {
  test('a customer refund of 12.50 with its fee of 0.25 and 0.36 of fees given back', () => {
    expect(accepted(customerRefund)).toEqual({
      refund_id: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
      external_id: ' re_1 ',
      refunded_amount: 1250n,
      status: 'PAID',
      completed_at: '2026-10-31T23:30:00Z',
      completed_on: '2026-10-31',
      reference_number: 'RF-1',
      reference_keys: ['ch_9', 'ORD-7', 'RF-1'],
      payment_keys: ['ch_9'],
      allocation_amounts: [1250n],
      allocation_line_sums: [null],
      payments_sum: 1250n,
      legs: [
        {
          leg_id: 'pay_1',
          ordinal: 0,
          external_id: 're_1',
          processor_named: 'STRIPE',
          method: 'CREDIT_CARD',
          amount: 1250n,
          refund_fee: 25n,
          returned_fee: 36n,
          completed_at: '2026-11-01T02:30:00.5Z',
          completed_on: '2026-10-31',
          identity_keys: ['re_1'],
        },
      ],
    })
  })

  test('a vendor refund names its fee and its references otherwise', () => {
    const refund = accepted({
      id: 'vr_1',
      refunded_amount: 900,
      completed_at: '2026-10-15',
      allocations: [
        { amount: 600, bill_payment_external_id: 'bp_1', line_items: [{ amount: 400 }, { amount: 150 }] },
        { amount: 300, bill_external_id: 'B-2', bill_payment_external_id: ' bp_1 ', line_items: [] },
      ],
      payments: [{ id: 'p', refunded_amount: 900, refund_processing_fee: 45, processor: null, method: 'ACH' }],
    })
    expect(refund).toMatchObject({
      reference_keys: ['bp_1', 'B-2'],
      payment_keys: ['bp_1'],
      allocation_amounts: [600n, 300n],
      allocation_line_sums: [550n, null],
      completed_at: null,
      completed_on: '2026-10-15',
    })
    expect(refund.legs).toMatchObject([
      { refund_fee: 45n, returned_fee: 0n, processor_named: null, completed_at: null, completed_on: '2026-10-15' },
    ])
  })

  test('of two fees that are both given the customer field counts', () => {
    expect(accepted(leg({ fee: 10, refund_processing_fee: 20 })).legs[0]?.refund_fee).toBe(10n)
    expect(accepted(leg({ fee: null, refund_processing_fee: 20 })).legs[0]?.refund_fee).toBe(20n)
    expect(accepted(leg({ fee: null })).legs[0]?.refund_fee).toBe(0n)
  })

  test('a refund without payments is accepted and has no legs; an empty list of payments sums to 0', () => {
    expect(accepted({ id: 'r', refunded_amount: 5, allocations: null })).toMatchObject({
      legs: [],
      payments_sum: null,
      allocation_amounts: null,
      completed_on: null,
    })
    expect(accepted({ id: 'r', refunded_amount: 5, payments: [] })).toMatchObject({ legs: [], payments_sum: 0n })
  })

  test("the refund's own id at the processor identifies a leg only when it is the only one", () => {
    const [payment] = customerRefund.payments
    const two = { ...customerRefund, external_id: 'R', payments: [payment, { ...payment, external_id: ' ' }] }
    expect(accepted({ ...leg({}), external_id: 'R' }).legs[0]?.identity_keys).toEqual(['re_1', 'R'])
    expect(accepted(two).legs.map(({ identity_keys }) => identity_keys)).toEqual([['re_1'], []])
    expect(accepted(two).legs.map(({ ordinal }) => ordinal)).toEqual([0, 1])
  })

  test('a time without an offset is UTC, and the date is that of the business', () => {
    expect(accepted(leg({ completed_at: '2026-11-01 03:59:59' })).legs[0]).toMatchObject({
      completed_at: '2026-11-01T03:59:59Z',
      completed_on: '2026-10-31',
    })
    expect(accepted(leg({ completed_at: '2026-11-01T00:30:00+02:00' })).legs[0]?.completed_on).toBe('2026-10-31')
    expect(accepted(leg({ completed_at: null })).legs[0]?.completed_on).toBe('2026-10-31')
  })

  test('an id or a reference sent as a whole number is its digits', () => {
    expect(accepted({ ...customerRefund, external_id: 31415926535 }).external_id).toBe('31415926535')
  })
})

/** What is wrong with a refund, and the reason given for it. */
const WRONG: readonly (readonly [unknown, string])[] = [
  [null, 'the refund: found null, expected an object'],
  [[customerRefund], 'the refund: found a list, expected an object'],
  [{ ...customerRefund, id: undefined }, 'id: found nothing, expected an id'],
  [{ ...customerRefund, id: '  ' }, 'id: found "  " (text), expected an id'],
  [{ ...customerRefund, refunded_amount: 12.5 }, 'refunded_amount: found 12.5 (number), expected a whole number'],
  [{ ...customerRefund, refunded_amount: null }, 'refunded_amount: found null, expected a whole number of cents'],
  [{ ...customerRefund, refunded_amount: -1 }, 'refunded_amount: found -1 (number), expected a whole number of cents'],
  [{ ...customerRefund, refunded_amount: 2 ** 53 }, 'refunded_amount: found 9007199254740992 (number)'],
  [{ ...customerRefund, completed_at: 'yesterday' }, 'completed_at: found "yesterday" (text), expected a date or time'],
  [{ ...customerRefund, completed_at: '' }, 'completed_at: found "" (text), expected a date or time'],
  [{ ...customerRefund, completed_at: '2026-02-30' }, 'completed_at: found "2026-02-30" (text), expected a date'],
  [{ ...customerRefund, completed_at: 1_790_000_000 }, 'completed_at: found 1790000000 (number), expected a date'],
  [{ ...customerRefund, payments: {} }, 'payments: found an object, expected a list of objects'],
  [{ ...customerRefund, allocations: [null] }, 'allocations: found a list, expected a list of objects'],
  [{ ...customerRefund, external_id: { a: 1 } }, 'external_id: found an object, expected a text'],
  [{ ...customerRefund, external_id: 'a\0b' }, 'external_id: found "a\\u0000b" (text), expected a text without a NUL'],
  [{ ...customerRefund, external_id: '\ud800' }, 'external_id: found "\\ud800" (text), expected a text without a NUL'],
  [{ ...customerRefund, reference_number: 'x'.repeat(1001) }, 'expected a text of at most 1000 characters'],
  [leg({ refunded_amount: '12.5' }), 'payments[0].refunded_amount: found "12.5" (text), expected a whole number'],
  [leg({ refunded_amount: undefined }), 'payments[0].refunded_amount: found nothing, expected a whole number'],
  [leg({ id: undefined }), 'payments[0].id: found nothing, expected an id'],
  [leg({ id: '' }), 'payments[0].id: found "" (text), expected an id'],
  [leg({ fee: -5 }), 'payments[0].fee: found -5 (number), expected a whole number of cents, 0 or more'],
  [leg({ refund_processing_fee: 0.5 }), 'payments[0].refund_processing_fee: found 0.5 (number)'],
  [leg({ completed_at: '31.10.2026' }), 'payments[0].completed_at: found "31.10.2026" (text), expected a date'],
  [
    leg({ refunded_payment_fees: [{ fee_amount: 1 }, { fee_amount: -1 }] }),
    'payments[0].refunded_payment_fees[1].fee_amount: found -1 (number)',
  ],
  [allocation({ amount: null }), 'allocations[0].amount: found null, expected a whole number of cents'],
  [allocation({ id: ' ' }), 'allocations[0].id: found " " (text), expected an id'],
  [allocation({ line_items: [{ amount: 1 }, {}] }), 'allocations[0].line_items[1].amount: found nothing'],
  [allocation({ line_items: [{ id: '', amount: 1 }] }), 'allocations[0].line_items[0].id: found "" (text)'],
  [
    { ...leg({ completed_at: null }), completed_at: null },
    'payments[0].completed_at: found null, expected a date or time (ISO 8601), the refund having none either',
  ],
]

describe('a refund set aside', () => {
  test.each(WRONG.map(([refund, reason]) => ({ refund, reason })))('$reason', ({ refund, reason }) => {
    expect(setAside(refund).reason).toContain(reason)
  })

  test('shows what was read, and nobody by name', () => {
    const refund = {
      ...allocation({ amount: 'ten' }),
      memo: 'call Ada',
      customer: { individual_name: 'Ada Example' },
      allocations: [
        {
          id: 'al_1',
          amount: 'ten',
          vendor: { email: 'ada@example.com' },
          line_items: [{ amount: 5, memo: 'Ada' }],
          metadata: { phone: '+1 555 0100' },
        },
      ],
      status: { email: 'ada@example.com' },
    }
    const { raw } = setAside(refund)
    expect(JSON.parse(raw)).toMatchObject({
      id: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
      refunded_amount: 1250,
      allocations: [{ id: 'al_1', amount: 'ten', line_items: [{ amount: 5 }] }],
      payments: [{ external_id: 're_1', refunded_amount: 1250 }],
    })
    expect(raw).not.toMatch(/ada|555/i)
  })

  test('keeps the id and the date that could be read', () => {
    expect(setAside(leg({ refunded_amount: 1.5 }))).toMatchObject({
      refund_id: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
      dated_on: '2026-10-31',
    })
    expect(setAside({ refunded_amount: 1 })).toMatchObject({ refund_id: null, dated_on: null })
  })
})
