import { describe, expect, test } from 'vitest'
import { readOversized } from '../../../src/ledger/layer-api/quarantined.ts'
import { type Dating, readRefund } from '../../../src/ledger/layer-api/wire.ts'

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

const NEW_YORK: Dating = { time_zone: 'America/New_York', ledger_dates: 'instant' }

const read = (refund: unknown, dating: Dating = NEW_YORK) => readRefund(refund, JSON.stringify(refund), dating)

const accepted = (refund: unknown, dating?: Dating) => {
  const result = read(refund, dating)
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
      keys_written: null,
      allocation_amounts: [1250n],
      allocation_line_sums: [null],
      allocations_sum: 1250n,
      line_items_differ: false,
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
      allocations_sum: 900n,
      line_items_differ: true,
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
      allocations_sum: null,
      completed_on: null,
    })
    expect(accepted({ id: 'r', refunded_amount: 5, payments: [], allocations: [] })).toMatchObject({
      legs: [],
      payments_sum: 0n,
      allocation_amounts: [],
      allocations_sum: 0n,
    })
  })

  test('an allocation of 6.00 whose line items come to 6.00, or that has none, does not differ from them', () => {
    const lines = (...amounts: number[]) => accepted(allocation({ line_items: amounts.map((amount) => ({ amount })) }))
    expect(lines(400, 850).line_items_differ).toBe(false)
    expect(lines(400, 851).line_items_differ).toBe(true)
    expect(lines(0)).toMatchObject({ allocation_line_sums: [0n], line_items_differ: true })
    expect(lines().line_items_differ).toBe(false)
    expect(accepted(allocation({ line_items: null })).line_items_differ).toBe(false)
  })

  test("the refund's own id at the processor identifies a leg only when it is the only one", () => {
    const [payment] = customerRefund.payments
    const two = { ...customerRefund, external_id: 'R', payments: [payment, { ...payment, external_id: ' ' }] }
    expect(accepted({ ...leg({}), external_id: 'R' }).legs[0]?.identity_keys).toEqual(['re_1', 'R'])
    expect(accepted(two).legs.map(({ identity_keys }) => identity_keys)).toEqual([['re_1'], []])
    expect(accepted(two).legs.map(({ ordinal }) => ordinal)).toEqual([0, 1])
  })

  test("the refund's own id identifies the one leg that is not empty", () => {
    const [payment] = customerRefund.payments
    const empty = { id: 'empty', external_id: 'E', refunded_amount: 0, fee: 0 }
    const keysOf = (...payments: object[]) =>
      accepted({ ...customerRefund, external_id: 'R', payments }).legs.map(({ identity_keys }) => identity_keys)
    expect(keysOf(empty, { ...payment })).toEqual([['E'], ['re_1', 'R']])
    expect(keysOf(empty)).toEqual([['E']])
    expect(keysOf({ ...empty, fee: 1 }, { ...payment })).toEqual([['E'], ['re_1']])
    expect(keysOf({ ...empty, refunded_payment_fees: [{ fee_amount: 1 }] })).toEqual([['E', 'R']])
  })

  test('keys are held without one leading # and the blanks around what is left, and kept as written', () => {
    const refund = accepted({
      ...leg({ external_id: ' # re_1' }),
      external_id: '#R',
      reference_number: '##7',
      allocations: [
        { amount: 1250, invoice_payment_external_id: '#ch_9', invoice_external_id: ' 1001 ' },
        { amount: 0, invoice_payment_external_id: 'ch_9', invoice_external_id: '#1001' },
        { amount: 0, invoice_payment_external_id: ' # ', invoice_external_id: '#' },
      ],
    })
    expect(refund).toMatchObject({
      external_id: '#R',
      reference_number: '##7',
      reference_keys: ['ch_9', '1001', '#7'],
      payment_keys: ['ch_9'],
      keys_written: ['#ch_9', '1001', '##7'],
      legs: [{ external_id: ' # re_1', identity_keys: ['re_1', 'R'] }],
    })
  })

  test('an amount of 10^15, and payments that come to it, are accepted', () => {
    const refund = accepted({ ...leg({ refunded_amount: 10 ** 15 }), refunded_amount: 10 ** 15 })
    expect(refund).toMatchObject({ refunded_amount: 10n ** 15n, payments_sum: 10n ** 15n })
  })

  test('where the ledger keeps dates, exactly midnight UTC is that date, however it is written', () => {
    const dated = (completed_at: string | null): string | undefined =>
      accepted(leg({ completed_at }), { ...NEW_YORK, ledger_dates: 'date' }).legs[0]?.completed_on
    expect(dated('2026-11-01T00:00:00Z')).toBe('2026-11-01')
    expect(dated('2026-10-31T20:00:00.000-04:00')).toBe('2026-11-01')
    expect(dated('2026-11-01 00:00')).toBe('2026-11-01')
    expect(dated('2026-11-01T00:00:00.000001Z')).toBe('2026-10-31')
    expect(dated('2026-11-01T00:00:01Z')).toBe('2026-10-31')
    expect(dated('2026-11-01')).toBe('2026-11-01')
    const midnight = { ...leg({ completed_at: null }), completed_at: '2026-11-01T00:00:00Z' }
    expect(accepted(midnight, { ...NEW_YORK, ledger_dates: 'date' })).toMatchObject({
      completed_at: '2026-11-01T00:00:00Z',
      completed_on: '2026-11-01',
      legs: [{ completed_at: '2026-11-01T00:00:00Z', completed_on: '2026-11-01' }],
    })
    expect(accepted(midnight).legs[0]?.completed_on).toBe('2026-10-31')
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
  [
    { ...customerRefund, refunded_amount: 10 ** 15 + 1 },
    'refunded_amount: found 1000000000000001 (number), expected at most 10^15',
  ],
  [{ ...customerRefund, completed_at: 'yesterday' }, 'completed_at: found a text of 9 characters, expected a date or'],
  [{ ...customerRefund, completed_at: '' }, 'completed_at: found "" (text), expected a date or time'],
  [{ ...customerRefund, completed_at: '2026-02-30' }, 'completed_at: found "2026-02-30" (text), expected a date'],
  [{ ...customerRefund, completed_at: 1_790_000_000 }, 'completed_at: found 1790000000 (number), expected a date'],
  [{ ...customerRefund, payments: {} }, 'payments: found an object, expected a list of objects'],
  [{ ...customerRefund, allocations: [null] }, 'allocations: found a list, expected a list of objects'],
  [{ ...customerRefund, external_id: { a: 1 } }, 'external_id: found an object, expected a text'],
  [
    { ...customerRefund, external_id: 'a\0b' },
    'external_id: found a text of 3 characters, expected a text without a NUL',
  ],
  [
    { ...customerRefund, external_id: '\ud800' },
    'external_id: found a text of 1 character, expected a text without a NUL',
  ],
  [
    { ...customerRefund, reference_number: 'x'.repeat(1001) },
    'found a text of 1001 characters, expected a text of at most 1000',
  ],
  [{ ...customerRefund, id: '€'.repeat(420) }, 'id: found a text of 420 characters, expected a text of at most 1000'],
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
  [
    leg({ fee: 10 ** 15, refunded_payment_fees: [{ fee_amount: 10 ** 15 }, { fee_amount: 1 }] }),
    "payments' returned fees: found a sum of 1000000000000001, expected at most 10^15",
  ],
  [
    { ...customerRefund, payments: [1, 2].map((id) => ({ ...customerRefund.payments[0], id, fee: 6 * 10 ** 14 })) },
    "payments' fees: found a sum of 1200000000000000, expected at most 10^15",
  ],
  [
    {
      ...customerRefund,
      payments: [1, 2].map((id) => ({ ...customerRefund.payments[0], id, refunded_amount: 6 * 10 ** 14 })),
    },
    'payments: found a sum of 1200000000000000, expected at most 10^15',
  ],
  [
    { ...customerRefund, allocations: [{ amount: 10 ** 15 }, { amount: 1 }] },
    'allocations: found a sum of 1000000000000001, expected at most 10^15',
  ],
  [
    allocation({ line_items: [{ amount: 10 ** 15 }, { amount: 1 }] }),
    'allocations[0].line_items: found a sum of 1000000000000001, expected at most 10^15',
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

describe('a quarantined refund', () => {
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

  test('quotes no words: a name, a phone number or an address may stand where an amount, a date or an id belongs', () => {
    const amounts = ['Ada Example', 'ada@example.com', '+1 555 0100', '(555) 010-0100', '12 Main St', '078-05-1120']
    for (const amount of amounts) {
      expect(setAside(allocation({ amount })).reason).toBe(
        `allocations[0].amount: found a text of ${amount.length} characters, expected a whole number of cents, 0 or more`,
      )
    }
    for (const amount of ['12.50', '-3', '12,5', '2026-10-31', '31.10.2026 12:00', '']) {
      expect(setAside(allocation({ amount })).reason).toContain(`found "${amount}" (text), expected`)
    }
  })

  test('keeps the id that could be read', () => {
    expect(setAside(leg({ refunded_amount: 1.5 })).refund_id).toBe('3c90c3cc-0d44-4b50-8888-8dd25736052a')
    for (const id of [undefined, '', '  ', 'x'.repeat(1001), 'a\0b', { a: 1 }])
      expect(setAside({ ...customerRefund, id }).refund_id).toBeNull()
  })

  test('is of the earliest date of its payments that can be read, else of its own', () => {
    const of = (own: string | null, ...dates: (string | null)[]): string | null =>
      setAside({
        id: 'r',
        refunded_amount: -1,
        completed_at: own,
        payments: dates.map((completed_at) => ({ id: 'p', refunded_amount: 1, completed_at })),
      }).dated_on
    expect(of('2026-10-31', '2026-11-05', '2026-11-02T03:00:00Z')).toBe('2026-11-01')
    expect(of('2026-10-31', '2026-11-05', 'soon')).toBe('2026-11-05')
    expect(of('2026-10-31', '2026-11-05', null)).toBe('2026-10-31')
    expect(of('2026-10-31', 'soon')).toBe('2026-10-31')
    expect(of('2026-10-31')).toBe('2026-10-31')
    expect(of('soon', 'soon')).toBeNull()
    expect(setAside({ refunded_amount: 1, completed_at: '2026-10-31', payments: {} }).dated_on).toBe('2026-10-31')
    expect(setAside({ refunded_amount: 1 }).dated_on).toBeNull()
  })
})

describe('a refund of great size', () => {
  const many = (count: number, make: (index: number) => object): object[] =>
    Array.from({ length: count }, (_, index) => make(index))
  const payments = (count: number) =>
    many(count, (i) => ({ ...customerRefund.payments[0], id: `pay_${i % 7}`, refunded_amount: 1 }))
  const allocations = (count: number) =>
    many(count, (i) => ({ id: `al_${i}`, amount: 1, invoice_payment_external_id: `ch_${i}` }))

  test.each([
    ['300,000 payments', { payments: payments(300_000) }, 'payments: found a list of 300000, expected at most 1000'],
    [
      '200,000 allocations',
      { allocations: allocations(200_000) },
      'allocations: found a list of 200000, expected at most 10000',
    ],
    [
      '10,001 line items',
      { allocations: [{ amount: 1, line_items: many(10_001, () => ({ amount: 1 })) }] },
      'allocations[0].line_items: found a list of 10001, expected at most 10000',
    ],
  ])('with %s is quarantined at once, with the bound', (_what, changes, reason) => {
    const refund = { ...customerRefund, ...changes }
    const text = JSON.stringify(refund)
    const begin = process.cpuUsage()
    const result = readRefund(refund, text, NEW_YORK)
    expect(process.cpuUsage(begin).user / 1000).toBeLessThan(2000)
    expect(result).toMatchObject({ quarantine: { reason, refund_id: customerRefund.id } })
  })

  test('with as many as are allowed is read in a time that grows with them, not with their square', () => {
    const refund = { ...customerRefund, payments: payments(1000), allocations: allocations(999) }
    const text = JSON.stringify(refund)
    const begin = process.cpuUsage()
    const result = readRefund(refund, text, NEW_YORK)
    expect(process.cpuUsage(begin).user / 1000).toBeLessThan(500)
    if (!('refund' in result)) throw new Error(result.quarantine.reason)
    expect(result.refund.legs).toHaveLength(1000)
    expect(result.refund.legs.at(-1)).toMatchObject({ leg_id: `pay_${999 % 7}`, ordinal: Math.floor(999 / 7) })
    expect(result.refund.payment_keys.at(-1)).toBe('ch_998')
    expect(accepted({ ...customerRefund, allocations: allocations(10_000) }).payment_keys.at(-1)).toBe('ch_9999')
    expect(setAside({ ...refund, allocations: allocations(1000) }).reason).toBe(
      'payments: found 1000, each with the 1001 references of the allocations, expected at most 1000000 together',
    )
  })

  test('is named where its beginning says its id', () => {
    expect(readOversized('{ "id" : "r\\u0031", "memo": "xx', 20_000_000)).toEqual({
      reason: 'the refund: found 20000000 bytes of JSON, expected at most 16777216',
      raw: '{"id":"r1"}',
      refund_id: 'r1',
      dated_on: null,
    })
    expect(readOversized('{"id": "a\\x", ', 20_000_000)).toMatchObject({ raw: 'null', refund_id: null })
    expect(readOversized('{"memo": "xx', 20_000_000)).toMatchObject({ raw: 'null', refund_id: null })
    expect(readOversized('{"id": "", "memo": "xx', 20_000_000)).toMatchObject({ raw: 'null', refund_id: null })
  })
})

test('of a quarantined refund no words that may be of a person are shown where an amount or a date was expected', () => {
  const { raw, reason } = setAside({
    ...customerRefund,
    refunded_amount: 'Ada Example',
    completed_at: 'ada@example.com',
    allocations: [{ amount: '+1 555 0134 7734', line_items: [{ amount: 'ten' }, { amount: '12,50' }] }],
  })
  expect(reason).toBe('completed_at: found a text of 15 characters, expected a date or time (ISO 8601)')
  expect(JSON.parse(raw)).toMatchObject({
    ...{ refunded_amount: 'a text of 11 characters', completed_at: 'a text of 15 characters' },
    allocations: [{ amount: 'a text of 16 characters', line_items: [{ amount: 'ten' }, { amount: '12,50' }] }],
  })
})
