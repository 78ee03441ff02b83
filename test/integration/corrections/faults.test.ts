/** Whatever breaks off when: never a second refund in Layer, never a state that is lost. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LayerClient } from '../../../src/ledger/layer-api/client.ts'
import { LayerFailure, refusal } from '../../../src/ledger/layer-api/failure.ts'
import { type Correcting, INVOICE, MISSING, openCorrecting } from '../../support/correcting.ts'

let own: Correcting
afterEach(() => own.close())

const NEXT_NIGHT = '2026-11-21T12:00:00Z'

/** A customer's refund of 30.00 and a vendor's of 500.00, approved. */
const approved = async (options: Parameters<typeof openCorrecting>[0] = {}, seed: object = {}): Promise<void> => {
  own = await openCorrecting(options, seed)
  await own.arrives('STRIPE', MISSING)
  await own.arrives('BILLPAY', 'T000002,Vendor credit,VR1,BP-1,BILL-1,-500.00,1.00,USD,2026-10-20 10:00:00')
  await own.night()
  await own.propose()
  await own.approve()
}

/** The client, with its creating calls gone through something that may break. */
const through = (breaking: <T>(call: () => Promise<T>) => Promise<T>): LayerClient => ({
  ...own.client,
  createInvoiceRefund: (business_id, invoice_id, refund) =>
    breaking(() => own.client.createInvoiceRefund(business_id, invoice_id, refund)),
  createVendorRefund: (business_id, refund) => breaking(() => own.client.createVendorRefund(business_id, refund)),
})

const statuses = async (): Promise<string[]> => (await own.corrections()).map(({ status }) => status)

/** Posted again, each refund stands in Layer once, as meant, and the month is reconciled. */
const allIsWell = async (): Promise<void> => {
  for (let tries = 0; tries < 3; tries++) await own.post()
  expect(await statuses()).toEqual(['posted', 'posted'])
  expect(await own.listed('invoices')).toMatchObject([{}, { external_id: 're_2', refunded_amount: 3000 }])
  expect(await own.listed('bills')).toMatchObject([{ external_id: 'VR1', refunded_amount: 50_000 }])
  expect(await own.listed('invoices')).toHaveLength(2)
  await own.night(NEXT_NIGHT)
  expect(await own.standing()).toEqual({ codes: [], verdict: 'reconciled' })
}

describe('killed', () => {
  beforeEach(() => approved())

  const killed = new Error('killed')
  test.each([
    ['before it is stored', 'store', ['approved', 'approved'], 1],
    ['after it is stored, before it is sent', 'send', ['posting', 'approved'], 1],
    ['after Layer answered, before that is stored', 'settle', ['posting', 'approved'], 2],
  ] as const)('%s: posted again, it is made once', async (_when, step, left, in_layer) => {
    const onStep = (at: string): void => {
      if (at === step) throw killed
    }
    await expect(own.post({ onStep })).rejects.toBe(killed)
    expect(await statuses()).toEqual(left)
    expect(await own.listed('invoices')).toHaveLength(in_layer)
    await allIsWell()
  })

  test('after Layer did it, before the answer was read: posted again, it is made once', async () => {
    const client = through(async (call) => {
      await call()
      throw killed
    })
    await expect(own.post({ client })).rejects.toBe(killed)
    expect(await statuses()).toEqual(['posting', 'approved'])
    expect(await own.listed('invoices')).toHaveLength(2)
    await allIsWell()
  })

  test('again and again, at each step of each refund: still each is made once', async () => {
    for (const step of ['store', 'send', 'settle', 'store', 'send', 'settle']) {
      const onStep = (at: string): void => {
        if (at === step) throw killed
      }
      await own.post({ onStep }).catch(() => undefined)
    }
    await allIsWell()
  })
})

describe('a fault of Layer or of the way there', () => {
  test('the server did it and the answer was lost: it is found in the listing at once', async () => {
    await approved()
    const client = through(async (call) => {
      await call()
      throw new LayerFailure('POST: no answer within 10 s', { kind: 'no_answer' })
    })
    expect(await own.post({ client })).toMatchObject([
      { status: 'posted', says: expect.stringContaining('found in Layer as refund') },
      { status: 'posted' },
    ])
    await allIsWell()
  })

  test('the server did not do it and did not answer: the state says that it is not known, and posting again makes it', async () => {
    await approved()
    const client = through(() => {
      throw new LayerFailure('POST: no answer within 10 s', { kind: 'no_answer' })
    })
    expect(await own.post({ client })).toMatchObject([
      {
        status: 'posting',
        problem: true,
        says: "it is not known whether Layer made it: POST: no answer within 10 s; it is not in Layer's listing. Post again: it is never made twice",
      },
      { status: 'posting' },
    ])
    await allIsWell()
  })

  test.each(['lost-answer', 'cut-off', 'server-error', 'rate-limit'] as const)(
    '%s, once for each request: each refund is made once',
    async (fault) => {
      await approved()
      own.sandbox.setFault({ fault, count: 1, delay_ms: 0 })
      expect(await own.post()).toMatchObject([{ status: 'posted' }, { status: 'posted' }])
      own.sandbox.setFault(null)
      await allIsWell()
    },
  )

  test.each(['lost-answer', 'cut-off', 'server-error', 'expired-token'] as const)(
    '%s, lasting: nothing is sent, nothing is lost',
    async (fault) => {
      await approved()
      own.sandbox.setFault({ fault, count: Number.POSITIVE_INFINITY, delay_ms: 0 })
      const posted = await own.post()
      own.sandbox.setFault(null)
      expect(posted).toMatchObject([
        { status: 'approved', problem: true },
        { status: 'approved', problem: true },
      ])
      expect(await own.listed('invoices')).toHaveLength(1)
      await allIsWell()
    },
  )

  test('the 30.00 that got no answer is sent again only after the listing did not show it, four times at most', async () => {
    await approved()
    for (const [faults, expected] of [
      [2, ['list', 'send', 'list', 'send', 'list', 'send']],
      [9, ['list', 'send', 'list', 'send', 'list', 'send', 'list', 'send', 'list']],
    ] as const) {
      const done: string[] = []
      const client: LayerClient = {
        ...own.client,
        listInvoiceRefunds: async (...given) => {
          done.push('list')
          return await own.client.listInvoiceRefunds(...given)
        },
        createInvoiceRefund: async () => {
          done.push('send')
          if (done.filter((each) => each === 'send').length <= faults) {
            throw new LayerFailure('POST: no answer within 10 s', { kind: 'no_answer' })
          }
          throw refusal(
            'POST',
            400,
            '{"type": "InvalidState", "error_enum": "PeriodIsClosed", "description": "No."}',
            null,
          )
        },
      }
      await own.post({ client })
      expect(done.slice(0, expected.length)).toEqual(expected)
      expect(done.filter((each) => each === 'send').length).toBe(expected.filter((each) => each === 'send').length)
    }
    await allIsWell()
  })

  test('a 500 that says nothing of what was done: posting again makes it once', async () => {
    await approved()
    const client = through(async (call) => {
      await call()
      throw refusal('POST', 500, 'Internal Server Error', null)
    })
    await own.post({ client })
    await allIsWell()
  })

  test('a 409 for a refund that is there: it is found, and not made again', async () => {
    await approved()
    const client = through(async (call) => {
      await call()
      const body = { type: 'Conflict', description: 'external_id is in use', error_enum: 'ExternalIdConflict' }
      throw refusal('POST', 409, JSON.stringify(body), null)
    })
    expect(await own.post({ client })).toMatchObject([{ status: 'posted' }, { status: 'posted' }])
    await allIsWell()
  })

  test('a 200 instead of a 201, with what is meant: posted', async () => {
    await approved()
    const client = through(async (call) => {
      await call()
      return await call()
    })
    const posted = await own.post({ client })
    expect(posted).toMatchObject([{ status: 'posted' }, { status: 'posted' }])
    expect(posted[0]?.says).toMatch(/^Layer had it already as refund /)
    await allIsWell()
  })

  test('an answer without the payments: the listing tells the rest', async () => {
    await approved()
    const client = {
      ...own.client,
      createInvoiceRefund: async (...given: Parameters<LayerClient['createInvoiceRefund']>) => {
        const created = await own.client.createInvoiceRefund(...given)
        return { ...created, refund: { ...created.refund, payments: null } }
      },
    }
    expect(await own.post({ client })).toMatchObject([{ status: 'posted' }, { status: 'posted' }])
    await allIsWell()
  })
})

describe('a listing of exactly 100 refunds, which the server may have cut', () => {
  /** The client, with listings that may be cut. */
  const cut = (is_cut: () => boolean): LayerClient => ({
    ...own.client,
    listInvoiceRefunds: async (...given) => ({
      ...(await own.client.listInvoiceRefunds(...given)),
      maybe_cut: is_cut(),
    }),
    listVendorRefunds: async (...given) => ({ ...(await own.client.listVendorRefunds(...given)), maybe_cut: is_cut() }),
  })
  const NOT_TOLD = "Layer's listing does not tell whether it is there (exactly 100 refunds came, there may be more)"

  test('neither the 30.00 of the customer nor the 500.00 of the vendor is sent; after a whole one both are', async () => {
    await approved()
    expect(await own.post({ client: cut(() => true) })).toMatchObject([
      { status: 'approved', problem: true, says: expect.stringContaining(NOT_TOLD) },
      { status: 'approved', problem: true, says: expect.stringContaining(NOT_TOLD) },
    ])
    expect(await own.listed('invoices')).toHaveLength(1)
    expect(await own.listed('bills')).toHaveLength(0)
    expect(await own.post({ client: cut(() => false) })).toMatchObject([{ status: 'posted' }, { status: 'posted' }])
    await allIsWell()
  })

  test('what it does show of the 30.00 is found, and not made again', async () => {
    await approved()
    await own.client.createInvoiceRefund(own.business.id, INVOICE, {
      ...{ external_id: 're_2', completed_at: '2026-10-15T09:30:00Z', method: 'CREDIT_CARD', processor: 'STRIPE' },
      ...{ refunded_amount: 3000, refund_processing_fee: 30 },
    })
    expect(await own.post({ client: cut(() => true) })).toMatchObject([
      { status: 'posted', says: expect.stringContaining('it was in Layer already') },
      { status: 'approved' },
    ])
  })

  test('after a lost answer it does not say that Layer refused the 30.00', async () => {
    await approved()
    let posts = 0
    const client: LayerClient = {
      ...cut(() => posts > 0),
      createInvoiceRefund: () => {
        posts += 1
        throw refusal('POST', 409, '{"type": "Conflict", "description": "No."}', null)
      },
    }
    const [posted] = await own.post({ client })
    expect(posted).toMatchObject({ status: 'posting', says: expect.stringContaining('exactly 100 refunds came') })
  })
})

describe('refused by Layer', () => {
  test('a closed period: the sentence says what to do, nothing is made, and it can be posted again', async () => {
    await approved({}, { closed_before: '2026-11-01' })
    expect(await own.post()).toMatchObject([
      {
        status: 'failed',
        problem: true,
        says:
          'the books of 2026-10-15 are closed in Layer: reopen that period there and post again, or enter the refund by hand in an open one ' +
          '(Layer: InvalidState (PeriodIsClosed): The period before 2026-11-01 is closed: completed_at is 2026-10-15)',
      },
      { status: 'failed' },
    ])
    expect(await own.listed('invoices')).toHaveLength(1)
    expect(await own.post()).toMatchObject([{ status: 'failed' }, { status: 'failed' }])
    expect(await own.propose()).toMatchObject({ proposed: [], obsolete: [], left_out: [] })
  })

  test('an invoice that is not there: another target can be given, and is approved anew', async () => {
    await approved()
    const nowhere: LayerClient = {
      ...own.client,
      createInvoiceRefund: async (business_id, _invoice, refund) =>
        await own.client.createInvoiceRefund(business_id, '99999999-9999-4999-8999-999999999999', refund),
    }
    expect(await own.post({ client: nowhere })).toMatchObject([
      {
        status: 'failed',
        says: expect.stringMatching(/^Layer has no invoice 11111111-1111-4111-8111-111111111111: give/),
      },
      { status: 'posted' },
    ])
    await allIsWell()
  })
})

describe('another body under the same external id', () => {
  test('a refund of another amount is in Layer since: it is compared, said, and not made again', async () => {
    await approved()
    const before = through(async (call) => {
      await own.client.createInvoiceRefund(own.business.id, INVOICE, {
        ...{ external_id: 're_2', completed_at: '2026-10-15T09:30:00Z', method: 'CREDIT_CARD', processor: 'STRIPE' },
        refunded_amount: 1000,
      })
      return await call()
    })
    const [posted] = await own.post({ client: { ...before, createVendorRefund: own.client.createVendorRefund } })
    expect(posted).toMatchObject({ status: 'differs', problem: true })
    expect(posted?.says).toContain(
      'the amount is 10.00 USD in Layer, and should be 30.00 USD; the refund fee is 0.00 USD in Layer, and should be 0.30 USD',
    )
    expect(await own.listed('invoices')).toHaveLength(2)
    await own.night(NEXT_NIGHT)
    expect((await own.standing()).codes).toEqual(['AMOUNT_MISMATCH', 'REFUND_FEE_MISMATCH'])
  })

  test('where Layer answers such a replay with a conflict, it is found and compared all the same', async () => {
    await approved({ replay: 'conflict' })
    const before = through(async (call) => {
      await own.client.createInvoiceRefund(own.business.id, INVOICE, {
        ...{ external_id: 're_2', completed_at: '2026-10-15T09:30:00Z', method: 'CREDIT_CARD', processor: 'STRIPE' },
        refunded_amount: 1000,
      })
      return await call()
    })
    expect(await own.post({ client: { ...before, createVendorRefund: own.client.createVendorRefund } })).toMatchObject([
      { status: 'differs' },
      { status: 'posted' },
    ])
    expect(await own.listed('invoices')).toHaveLength(2)
  })

  test('what is stored is not what was approved: it is not sent', async () => {
    await approved()
    await own.database.query(
      "update correction set request_body = replace(request_body, '3000', '9000') where direction = 'customer'",
    )
    expect(await own.post()).toMatchObject([
      { status: 'approved', problem: true, says: expect.stringContaining('SHA-256 that was approved') },
      { status: 'posted' },
    ])
    expect(await own.listed('invoices')).toHaveLength(1)
  })
})
