import { describe, expect, test } from 'vitest'
import { differences, refusalSentence } from '../../../src/corrections/answer.ts'
import { readRequest, requestFor } from '../../../src/corrections/request.ts'
import type { Candidate, NamedAllocation } from '../../../src/corrections/sources.ts'
import type { StandingCorrection } from '../../../src/corrections/store.ts'
import { isKnownToDiffer, knownDifferences, leftOfPayment, resolveTarget } from '../../../src/corrections/target.ts'
import { refusal } from '../../../src/ledger/layer-api/failure.ts'
import type { LayerRefund } from '../../../src/ledger/layer-api/refund.ts'

const BUSINESS = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'
const INVOICE = '11111111-1111-4111-8111-111111111111'

const customer: StandingCorrection = {
  ...{ correction_id: 'c1', row_no: 1n, discrepancy_id: 'd1', direction: 'customer', status: 'proposed' },
  ...{ external_id: 're_2', amount: 3000n, refund_fee: 30n, returned_fee: 12n, currency: 'USD', processor: 'STRIPE' },
  ...{ method: 'CREDIT_CARD', completed_at: '2026-10-15T09:30:00Z', target: { invoice_id: INVOICE } },
  ...{ target_source: 'ledger', expected_amount: null, request_path: null, request_body: null, request_sha256: null },
  ...{ layer_refund_id: null, outcome: null, proposed_by: 'Ada', approved_by: null, refund_id: 're_2' },
  ...{ transaction_id: 'txn_2', occurred_on: '2026-10-15', discrepancy_status: 'open' },
}

const vendor: StandingCorrection = {
  ...{ ...customer, direction: 'vendor', external_id: 'VR1', method: 'ACH', processor: 'BILLPAY', returned_fee: 0n },
  target: { bill_payment_external_id: 'BP-1' },
}

describe('the request', () => {
  test('of a customer refund names the amount of 30.00, both fees and the external id', () => {
    const request = requestFor(BUSINESS, customer, { invoice_id: INVOICE })
    expect(request.request_path).toBe(`/v1/businesses/${BUSINESS}/invoices/${INVOICE}/refund`)
    expect(request.request_body).toBe(
      '{"external_id":"re_2","refunded_amount":3000,"completed_at":"2026-10-15T09:30:00Z","method":"CREDIT_CARD",' +
        '"processor":"STRIPE","refund_processing_fee":30,' +
        '"refunded_payment_fees":[{"fee_amount":12,"description":"Processing fee returned"}]}',
    )
    expect(readRequest({ ...customer, ...request })?.invoice_id).toBe(INVOICE)
  })

  test('of a vendor refund names its target and no amount', () => {
    const request = requestFor(BUSINESS, vendor, { bill_payment_external_id: 'BP-1' })
    expect(request.request_path).toBe(`/v1/businesses/${BUSINESS}/bills/refunds`)
    expect(request.request_body).toBe(
      '{"external_id":"VR1","completed_at":"2026-10-15T09:30:00Z","method":"ACH","bill_payment_external_id":"BP-1",' +
        '"processor":"BILLPAY","refund_processing_fee":30}',
    )
    expect(readRequest({ ...vendor, ...request })?.invoice_id).toBeNull()
  })

  test('altered after it was approved is no request any more', () => {
    const request = requestFor(BUSINESS, customer, { invoice_id: INVOICE })
    expect(
      readRequest({ ...customer, ...request, request_body: request.request_body.replace('3000', '9000') }),
    ).toBeNull()
  })
})

const row = {
  ...{ correction_id: 'c1', discrepancy_id: 'd1', direction: 'customer', row_no: 1n, type: 'refund' },
  ...{
    processor: 'STRIPE',
    transaction_id: 'txn_2',
    refund_id: 're_2',
    payment_ids: ['ch_1'],
    reference_ids: ['HC-1'],
  },
  ...{ amount: 3000n, refund_fee: 0n, returned_fee: 0n, currency: 'USD', occurred_at: null, occurred_on: '2026-10-15' },
  ...{ ledger_currency: 'USD', time_zone: 'UTC', is_reversed: false, shares_refund_id: false, may_be_cut: false },
} satisfies Candidate

const allocation = (given: Partial<NamedAllocation>): NamedAllocation => ({
  ...{ refund_id: 'r1', is_standing: true, key: 'ch_1', field: 'invoice_payment_external_id', amount: 2000n },
  ...{ invoice_id: 'i1', bill_id: null, bill_payment_id: null, written: given.key ?? 'ch_1', ...given },
})

describe('the target', () => {
  test('is the invoice of another refund of the same payment, before one of the same order', () => {
    const of_order = allocation({ key: 'HC-1', field: 'invoice_external_id', invoice_id: 'i2' })
    expect(resolveTarget(row, [of_order, allocation({})]).target).toEqual({ invoice_id: 'i1' })
    expect(resolveTarget(row, [of_order]).target).toEqual({ invoice_id: 'i2' })
  })

  test('is left for a person where refunds of one payment name two invoices', () => {
    expect(resolveTarget(row, [allocation({}), allocation({ invoice_id: 'i2' })])).toMatchObject({
      target: null,
      missing: 'refunds in the ledger name 2 different targets for it (i1, i2): say which it is',
    })
  })

  test('of a vendor refund is the payment that the processor names, else the one bill', () => {
    const of_vendor = { ...row, direction: 'vendor', type: 'vendor_refund' } satisfies Candidate
    expect(resolveTarget(of_vendor, []).target).toEqual({ bill_payment_external_id: 'ch_1' })
    expect(resolveTarget({ ...of_vendor, payment_ids: [] }, []).target).toEqual({ bill_external_id: 'HC-1' })
    expect(resolveTarget({ ...of_vendor, payment_ids: ['a', 'b'] }, []).target).toBeNull()
  })

  test('of a vendor refund names the payment as Layer writes it, with its #', () => {
    const of_vendor = { ...row, direction: 'vendor', type: 'vendor_refund', payment_ids: ['77'] } satisfies Candidate
    const booked = allocation({ key: '77', written: '#77', field: 'bill_payment_external_id', invoice_id: null })
    expect(resolveTarget(of_vendor, [booked])).toMatchObject({
      target: { bill_payment_external_id: '#77' },
      payment_key: '77',
    })
  })
})

describe('what Layer will compute', () => {
  const paid = [{ processor: 'BILLPAY', key: 'BP-1', amount: 50_000n }]
  const refunded = allocation({ key: 'BP-1', field: 'bill_payment_external_id', amount: 20_000n })

  test('is what was paid less what is refunded of it and stands', () => {
    expect(leftOfPayment('BP-1', 'BILLPAY', paid, [refunded])).toBe(30_000n)
    expect(leftOfPayment('BP-1', 'BILLPAY', paid, [{ ...refunded, is_standing: false }])).toBe(50_000n)
    expect(leftOfPayment('BP-1', 'BILLPAY', [], [])).toBeNull()
  })

  test('is said beforehand where it is not what the processor says', () => {
    expect(knownDifferences({ ...vendor, expected_amount: 3000n })).toEqual([])
    expect(knownDifferences({ ...vendor, expected_amount: 50_000n })).toEqual([
      "Layer computes a vendor refund's amount from its target: of this one 500.00 USD are left, while BILLPAY says 30.00 USD. Enter it in Layer by hand, or choose a line item of that amount",
    ])
    expect(knownDifferences({ ...vendor, expected_amount: null, returned_fee: 5n })).toHaveLength(2)
  })
})

test('a correction is known to differ by an amount of 500.00 or a returned fee, not by an amount that nobody knows', () => {
  expect(isKnownToDiffer({ ...vendor, expected_amount: 50_000n })).toBe(true)
  expect(isKnownToDiffer({ ...vendor, expected_amount: 3000n })).toBe(false)
  expect(isKnownToDiffer({ ...vendor, expected_amount: 3000n, returned_fee: 5n })).toBe(true)
  expect(isKnownToDiffer({ ...vendor, expected_amount: null })).toBe(false)
  expect(isKnownToDiffer({ ...vendor, direction: 'customer', expected_amount: null, returned_fee: 5n })).toBe(false)
})

const refund: LayerRefund = {
  ...{ id: 'r9', external_id: 're_2', refunded_amount: 3000, completed_at: '2026-10-15T09:30:00.000Z' },
  allocations: [{ amount: 3000, invoice_id: INVOICE }],
  payments: [
    {
      ...{ id: 'p9', refunded_amount: 3000, fee: 30, processor: 'Stripe', completed_at: '2026-10-15T09:30:00Z' },
      refunded_payment_fees: [{ fee_amount: 12 }],
    },
  ],
}

describe('what came back', () => {
  test('as it was meant differs in nothing', () => {
    expect(differences(customer, refund)).toEqual([])
  })

  test('otherwise is said, thing by thing', () => {
    const other: LayerRefund = {
      ...{
        ...refund,
        external_id: 're_9',
        refunded_amount: 10_000,
        allocations: [{ amount: 10_000, invoice_id: 'i2' }],
      },
      payments: [{ id: 'p9', refunded_amount: 10_000, completed_at: '2026-10-16T09:30:00Z', processor: null }],
    }
    expect(differences(customer, other)).toEqual([
      'the external id is re_9 in Layer, and should be re_2',
      'the amount is 100.00 USD in Layer, and should be 30.00 USD',
      'the refund fee is 0.00 USD in Layer, and should be 0.30 USD',
      'the returned fee is 0.00 USD in Layer, and should be 0.12 USD',
      'its date is 2026-10-16T09:30:00Z in Layer, and should be 2026-10-15T09:30:00Z',
      'its processor is missing in Layer, and should be STRIPE',
      `it refunds invoice_id i2 in Layer, and should refund ${INVOICE}`,
    ])
  })

  test('without a payment cannot be matched', () => {
    expect(differences(customer, { ...refund, payments: [] })).toEqual([
      'it has no payment in Layer, so that nothing can be matched with it: add the payment there',
    ])
  })
})

describe('a refusal', () => {
  const said = (error_enum: string | null, type: string, status = 400): string =>
    refusalSentence(
      customer,
      refusal('POST /x', status, JSON.stringify({ type, description: 'No.', error_enum, meta: null }), null),
    )

  test.each([
    ['PeriodIsClosed', 'the books of 2026-10-15 are closed in Layer: reopen that period there and post again'],
    ['InvoiceNotFound', `Layer has no invoice ${INVOICE}: give the right one with \`corrections propose ID\``],
    ['InvoiceDeleted', `invoice ${INVOICE} was deleted in Layer`],
    ['InvoiceStateError', 'the invoice cannot be refunded by 30.00 USD'],
    ['BillStateError', 'nothing is left to refund of invoice_id'],
    ['ExternalIdConflict', 'another refund in Layer has the external id re_2'],
    ['SpecifiedIdNotFound', 'Layer does not know invoice_id'],
    ['InvalidEffectiveDate', 'Layer does not take the date 2026-10-15'],
  ])('%s says what it means and what to do', (error_enum, sentence) => {
    const text = said(error_enum, 'InvalidParameters')
    expect(text.startsWith(sentence)).toBe(true)
    expect(text.endsWith(`(Layer: InvalidParameters (${error_enum}): No)`)).toBe(true)
  })

  test('of another kind is told by its type, its status, or in Layer words', () => {
    expect(said(null, 'ResourceArchived')).toMatch(/^invoice_id .* is archived in Layer/)
    expect(said(null, 'AuthFailure', 401)).toMatch(/^Layer does not accept the credentials/)
    expect(said('Unheard', 'Unknown')).toBe('Layer refused it: POST /x: Layer answered 400, Unknown (Unheard): No')
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const own = `Layer answered 400, ${name} (${name}): No`
      expect(said(name, name)).toBe(`Layer refused it: POST /x: ${own}`)
    }
  })
})
