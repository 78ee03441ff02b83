import { afterEach, describe, expect, test } from 'vitest'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../src/sandbox/server.ts'
import { differences, ERROR_ENUMS, ERROR_TYPES, INVOICE_REFUND, VENDOR_REFUND } from './documented.ts'

const BUSINESS = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'
const INVOICE = '11111111-1111-4111-8111-111111111111'
const OTHER_INVOICE = '11111111-1111-4111-8111-222222222222'
const DELETED_INVOICE = '11111111-1111-4111-8111-333333333333'
const BILL = '22222222-2222-4222-8222-111111111111'
const ITEM = '22222222-2222-4222-8222-222222222222'
const BILL_PAYMENT = '22222222-2222-4222-8222-333333333333'
const OTHER_BILL = '22222222-2222-4222-8222-444444444444'
const REFUNDS = `/v1/businesses/${BUSINESS}/invoices/refunds`
const VENDOR_REFUNDS = `/v1/businesses/${BUSINESS}/bills/refunds`
const refundOf = (invoice: string) => `/v1/businesses/${BUSINESS}/invoices/${invoice}/refund`

const SEED = {
  businesses: [
    {
      id: BUSINESS,
      name: 'Harbor Coffee',
      closed_before: '2026-09-01',
      invoices: [
        {
          id: INVOICE,
          external_id: 'ORD-1',
          customer: { id: 'cus_1', individual_name: 'Test Customer', email: 'customer@example.com' },
          payments: [
            { id: 'pay_1', amount: 3000 },
            { id: 'pay_2', amount: 2000 },
          ],
        },
        { id: OTHER_INVOICE, payments: [{ id: 'pay_3', amount: 700 }] },
        { id: DELETED_INVOICE, deleted: true },
      ],
      bills: [
        {
          id: BILL,
          external_id: 'B-1',
          vendor: { id: 'ven_1', company_name: 'Test Vendor' },
          line_items: [
            { id: ITEM, external_id: 'item-1', amount: 1200 },
            { id: 'item-2', amount: 1800 },
          ],
          payments: [{ id: BILL_PAYMENT, external_id: 'bp-1', amount: 2500 }],
        },
        { id: OTHER_BILL, external_id: 'B-2', payments: [{ id: 'bp-9', external_id: 'bp-2', amount: 100 }] },
      ],
    },
  ],
}

let sandbox: Sandbox
afterEach(() => sandbox.close())

const start = async (options: Partial<SandboxOptions> = {}) => {
  sandbox = await startSandbox({ seed: SEED, port: 0, token: 'secret', ...options })
}

/** One request; `body` is what stands under `data`, in either mode. */
async function ask(method: 'GET' | 'POST', path: string, content?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${sandbox.url}${path}`, {
    method,
    headers: {
      authorization: 'Bearer secret',
      ...(content === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(content === undefined ? {} : { body: typeof content === 'string' ? content : JSON.stringify(content) }),
  })
  const whole = (await response.json()) as Record<string, unknown>
  const body = ('data' in whole ? whole['data'] : whole) as Record<string, unknown>
  return { status: response.status, headers: response.headers, whole, body }
}

/** The error object of an answer, in either form. */
const errorOf = (whole: Record<string, unknown>): Record<string, unknown> => {
  const errors = whole['errors']
  return (Array.isArray(errors) ? errors[0] : whole) as Record<string, unknown>
}

const invoiceRefund = (changes: object = {}) => ({
  external_id: 're_1',
  completed_at: '2026-10-31T12:00:00Z',
  method: 'CREDIT_CARD',
  ...changes,
})

const vendorRefund = (changes: object = {}) => ({
  external_id: 'vr_1',
  completed_at: '2026-10-31T12:00:00Z',
  method: 'ACH',
  ...changes,
})

describe.each(['bare', 'data'] as const)('in mode %s', (mode) => {
  test('a dedicated refund of an invoice has every documented field, and then stands in the listing', async () => {
    await start({ mode })
    const created = await ask(
      'POST',
      refundOf(INVOICE),
      invoiceRefund({
        refunded_amount: 1250,
        refund_processing_fee: 25,
        processor: 'STRIPE',
        refunded_payment_fees: [{ fee_amount: 36, description: 'card fee' }],
        tags: [{ key: 'Location', value: 'MainStreet' }],
        metadata: { nested: { list: [42] } },
        reference_number: 'RF-1',
      }),
    )
    expect(created.status).toBe(201)
    expect(differences(created.body, INVOICE_REFUND)).toEqual([])
    expect(created.body).toMatchObject({
      external_id: 're_1',
      refunded_amount: 1250,
      status: 'PAID',
      completed_at: '2026-10-31T12:00:00Z',
      allocations: [{ invoice_id: INVOICE, invoice_external_id: 'ORD-1', amount: 1250, customer: { id: 'cus_1' } }],
      payments: [{ refunded_amount: 1250, fee: 25, method: 'CREDIT_CARD', processor: 'STRIPE' }],
    })
    expect(created.body['payments']).toMatchObject([{ refunded_payment_fees: [{ fee_amount: 36 }] }])
    expect((await ask('GET', REFUNDS)).body).toEqual([created.body])
  })

  test('a vendor refund of a line item has every documented field, and then stands in the listing', async () => {
    await start({ mode })
    const created = await ask(
      'POST',
      VENDOR_REFUNDS,
      vendorRefund({ bill_line_item_id: ITEM, refund_processing_fee: 15, tags: [{ key: 'a', value: 'b' }], memo: 'm' }),
    )
    expect(created.status).toBe(201)
    expect(differences(created.body, VENDOR_REFUND)).toEqual([])
    expect(created.body).toMatchObject({
      refunded_amount: 1200,
      allocations: [
        { bill_id: BILL, bill_line_item_external_id: 'item-1', amount: 1200, line_items: [{ amount: 1200 }] },
      ],
      payments: [{ refunded_amount: 1200, refund_processing_fee: 15, method: 'ACH' }],
      memo: 'm',
    })
    expect((await ask('GET', VENDOR_REFUNDS)).body).toEqual([created.body])
  })

  test.each([
    ['GET', `/v1/businesses/${OTHER_BILL}/invoices/refunds`, 404, 'ResourceNotFound', 'SpecifiedIdNotFound', undefined],
    ['GET', '/v1/somewhere', 404, 'ResourceNotFound', 'SpecifiedIdNotFound', undefined],
    ['GET', `${REFUNDS}?colour=red`, 400, 'BadRequest', 'UnexpectedQueryParam', undefined],
    ['GET', `${REFUNDS}?completed_at_start=soon`, 400, 'BadRequest', 'QueryParamFormat', undefined],
    ['POST', refundOf(BILL), 404, 'ResourceNotFound', 'InvoiceNotFound', invoiceRefund()],
    [
      'POST',
      `/v1/businesses/${BILL}/invoices/${INVOICE}/refund`,
      404,
      'ResourceNotFound',
      'SpecifiedIdNotFound',
      invoiceRefund(),
    ],
    ['POST', refundOf(DELETED_INVOICE), 400, 'ResourceArchived', 'InvoiceDeleted', invoiceRefund()],
    ['POST', refundOf(INVOICE), 400, 'InvalidParameters', 'InvalidPayload', invoiceRefund({ completed_at: undefined })],
    [
      'POST',
      refundOf(INVOICE),
      400,
      'InvalidParameters',
      'InvalidPayload',
      invoiceRefund({ completed_at: '31.10.2026' }),
    ],
    ['POST', refundOf(INVOICE), 400, 'InvalidParameters', 'InvalidPayload', invoiceRefund({ method: 'BITCOIN' })],
    ['POST', refundOf(INVOICE), 400, 'InvalidParameters', 'InvalidPayload', invoiceRefund({ refunded_amount: '1250' })],
    ['POST', refundOf(INVOICE), 400, 'InvalidParameters', 'InvalidPayload', invoiceRefund({ refunded_amount: 12.5 })],
    ['POST', refundOf(INVOICE), 400, 'InvalidParameters', 'InvalidPayload', invoiceRefund({ refunded_amount: 0 })],
    ['POST', refundOf(INVOICE), 400, 'InvalidParameters', 'InvalidPayload', invoiceRefund({ refunded_amount: 5001 })],
    [
      'POST',
      refundOf(INVOICE),
      400,
      'InvalidParameters',
      'InvalidPayload',
      invoiceRefund({ refund_processing_fee: null }),
    ],
    [
      'POST',
      refundOf(INVOICE),
      400,
      'InvalidParameters',
      'InvalidPayload',
      invoiceRefund({ metadata: { a: 'x'.repeat(10_240) } }),
    ],
    [
      'POST',
      refundOf(INVOICE),
      400,
      'InvalidState',
      'PeriodIsClosed',
      invoiceRefund({ completed_at: '2026-08-31T23:59:59Z' }),
    ],
    ['POST', refundOf(INVOICE), 400, 'JsonSerialization', 'InvalidPayload', '{"completed_at":'],
    ['POST', VENDOR_REFUNDS, 400, 'InvalidParameters', 'InvalidPayload', vendorRefund()],
    ['POST', VENDOR_REFUNDS, 400, 'InvalidParameters', 'InvalidPayload', vendorRefund({ bill_id: BILL, method: null })],
    ['POST', VENDOR_REFUNDS, 400, 'InvalidParameters', 'InvalidPayload', vendorRefund({ bill_id: 'B-1' })],
    ['POST', VENDOR_REFUNDS, 404, 'ResourceNotFound', 'SpecifiedIdNotFound', vendorRefund({ bill_id: INVOICE })],
    ['POST', VENDOR_REFUNDS, 404, 'ResourceNotFound', 'SpecifiedIdNotFound', vendorRefund({ bill_external_id: 'B-9' })],
    [
      'POST',
      VENDOR_REFUNDS,
      400,
      'InvalidParameters',
      'DoesNotMatchExistingEntity',
      vendorRefund({ bill_id: OTHER_BILL, bill_line_item_id: ITEM }),
    ],
    [
      'POST',
      VENDOR_REFUNDS,
      400,
      'InvalidParameters',
      'DoesNotMatchExistingEntity',
      vendorRefund({ bill_line_item_id: ITEM, bill_payment_id: BILL_PAYMENT }),
    ],
    [
      'POST',
      VENDOR_REFUNDS,
      400,
      'InvalidState',
      'PeriodIsClosed',
      vendorRefund({ bill_id: BILL, completed_at: '2026-08-01T00:00:00Z' }),
    ],
  ] as const)('%s %s can be %i %s %s', async (method, path, status, type, error_enum, content) => {
    await start({ mode })
    const answer = await ask(method, path, content)
    const error = errorOf(answer.whole)
    expect({ status: answer.status, type: error['type'], error_enum: error['error_enum'] }).toEqual({
      status,
      type,
      error_enum,
    })
    expect(ERROR_TYPES).toContain(type)
    expect(ERROR_ENUMS).toContain(error_enum)
    expect(error['description']).toEqual(expect.stringMatching(/./))
    expect(Object.keys(answer.whole)).toEqual(
      mode === 'data' ? ['errors'] : expect.arrayContaining(['type', 'description', 'meta']),
    )
    expect((await ask('GET', REFUNDS)).body).toEqual([])
  })

  test('without a good bearer token everything is 401 AuthFailure without an enum', async () => {
    await start({ mode })
    for (const authorization of ['', 'Bearer wrong', 'Basic c2VjcmV0']) {
      const answer = await ask('GET', REFUNDS, undefined, { authorization })
      expect(answer.status).toBe(401)
      expect(errorOf(answer.whole)).toMatchObject({ type: 'AuthFailure' })
      expect(errorOf(answer.whole)).not.toHaveProperty('error_enum')
    }
  })
})

describe('idempotency by external_id', () => {
  test('a dedicated refund asked for again is 200 with the refund there is, unchanged', async () => {
    await start()
    const first = await ask('POST', refundOf(INVOICE), invoiceRefund({ refunded_amount: 1250 }))
    const again = await ask('POST', refundOf(INVOICE), invoiceRefund({ refunded_amount: 1250 }))
    const other = await ask('POST', refundOf(INVOICE), invoiceRefund({ refunded_amount: 900, memo: 'other' }))
    expect([first.status, again.status, other.status]).toEqual([201, 200, 200])
    expect(again.body).toEqual(first.body)
    expect(other.body).toEqual(first.body)
    expect((await ask('GET', REFUNDS)).body).toHaveLength(1)
  })

  test('an external_id of another invoice, or where wanted another amount, is a conflict', async () => {
    await start({ replay: 'conflict' })
    await ask('POST', refundOf(INVOICE), invoiceRefund({ refunded_amount: 1250 }))
    for (const [path, body] of [
      [refundOf(OTHER_INVOICE), invoiceRefund()],
      [refundOf(INVOICE), invoiceRefund({ refunded_amount: 900 })],
    ] as const) {
      const answer = await ask('POST', path, body)
      expect(answer).toMatchObject({ status: 400, whole: { type: 'Conflict', error_enum: 'ExternalIdConflict' } })
    }
    expect((await ask('GET', REFUNDS)).body).toHaveLength(1)
  })

  test('without an external_id the same request is another refund', async () => {
    await start()
    for (const [amount, status] of [
      [2000, 201],
      [2000, 201],
      [2000, 400],
    ] as const) {
      const answer = await ask('POST', refundOf(INVOICE), invoiceRefund({ external_id: null, refunded_amount: amount }))
      expect(answer.status).toBe(status)
    }
  })

  test('a vendor refund asked for again is unchanged, and with another body updated under its id', async () => {
    await start()
    const first = await ask('POST', VENDOR_REFUNDS, vendorRefund({ bill_external_id: 'B-1' }))
    const again = await ask('POST', VENDOR_REFUNDS, vendorRefund({ bill_external_id: 'B-1' }))
    const changed = await ask('POST', VENDOR_REFUNDS, vendorRefund({ bill_payment_external_id: 'bp-2', memo: 'new' }))
    expect([first.status, again.status, changed.status]).toEqual([201, 200, 200])
    expect(again.body).toEqual(first.body)
    expect(changed.body).toMatchObject({ id: first.body['id'], refunded_amount: 100, memo: 'new' })
    expect((await ask('GET', VENDOR_REFUNDS)).body).toEqual([changed.body])
  })
})

describe('the amount of a refund', () => {
  test('of an invoice is what is left of it where none is given, and never more', async () => {
    await start()
    await ask('POST', refundOf(INVOICE), invoiceRefund({ external_id: 'a', refunded_amount: 1250 }))
    const rest = await ask('POST', refundOf(INVOICE), invoiceRefund({ external_id: 'b' }))
    expect(rest.body['refunded_amount']).toBe(3750)
    const none = await ask('POST', refundOf(INVOICE), invoiceRefund({ external_id: 'c' }))
    expect(none).toMatchObject({ status: 400, whole: { type: 'InvalidState', error_enum: 'InvoiceStateError' } })
  })

  test.each([
    ['a bill, by id: what was paid', { bill_id: BILL }, 2500],
    ['a bill, by external id', { bill_external_id: 'B-2' }, 100],
    ['a line item', { bill_line_item_external_id: 'item-1' }, 1200],
    ['a line item of the bill named beside it', { bill_id: BILL, bill_line_item_id: ITEM }, 1200],
    ['a payment', { bill_payment_external_id: 'bp-1' }, 2500],
  ])('by a vendor follows from %s', async (_name, target, amount) => {
    await start()
    const answer = await ask('POST', VENDOR_REFUNDS, vendorRefund({ ...target, refunded_amount: 1 }))
    expect(answer).toMatchObject({ status: 201, body: { refunded_amount: amount } })
  })

  test('by a vendor is what earlier refunds left of the target', async () => {
    await start()
    const amounts: unknown[] = []
    for (const target of [{ bill_line_item_id: ITEM }, { bill_payment_id: BILL_PAYMENT }, { bill_id: BILL }]) {
      const answer = await ask('POST', VENDOR_REFUNDS, vendorRefund({ external_id: null, ...target }))
      amounts.push(answer.status === 201 ? answer.body['refunded_amount'] : errorOf(answer.whole)['error_enum'])
    }
    expect(amounts).toEqual([1200, 1300, 'BillStateError'])
  })
})
