import { afterEach, describe, expect, test } from 'vitest'
import { approveCorrection, giveTarget, rejectCorrection } from '../../../src/corrections/decide.ts'
import { postCorrections } from '../../../src/corrections/post.ts'
import { readCorrectionEvents } from '../../../src/corrections/store.ts'
import {
  AS_OF,
  BILL_PAYMENT,
  type Correcting,
  INVOICE,
  MISSING,
  OTHER_INVOICE,
  openCorrecting,
} from '../../support/correcting.ts'

let own: Correcting
afterEach(() => own.close())

const ADA = { by: 'Ada', at: AS_OF }
const BEN = { by: 'Ben', at: AS_OF, four_eyes: true, target: null, note: null }

describe('a refund of 30.00 that the books miss', () => {
  test('is proposed, approved, created in Layer as 30.00 of 80.00, and the month is reconciled', async () => {
    own = await openCorrecting()
    await own.arrives('STRIPE', MISSING)
    await own.night()
    expect(await own.standing()).toEqual({ codes: ['MISSING_IN_LEDGER'], verdict: 'discrepant' })

    expect(await own.propose()).toMatchObject({ proposed: [expect.any(String)], needs_target: [], left_out: [] })
    const [proposed] = await own.corrections()
    expect(proposed).toMatchObject({
      ...{ status: 'proposed', external_id: 're_2', amount: 3000n, refund_fee: 30n, returned_fee: 0n },
      ...{ target: { invoice_id: INVOICE }, target_source: 'ledger', completed_at: '2026-10-15T09:30:00Z' },
      ...{ method: 'CREDIT_CARD', processor: 'STRIPE', proposed_by: 'Ada' },
    })
    await own.approve()
    expect(await own.post()).toMatchObject([{ status: 'posted', problem: false }])
    expect(await own.listed('invoices')).toMatchObject([
      { refunded_amount: 2000 },
      {
        ...{ external_id: 're_2', refunded_amount: 3000, completed_at: '2026-10-15T09:30:00Z' },
        payments: [{ fee: 30, processor: 'STRIPE', method: 'CREDIT_CARD' }],
      },
    ])
    await own.night('2026-11-21T12:00:00Z')
    expect(await own.standing()).toEqual({ codes: [], verdict: 'reconciled' })
    expect(await own.post()).toEqual([])
  })

  test('is proposed once, however often, and has the same id in another database', async () => {
    own = await openCorrecting()
    await own.arrives('STRIPE', MISSING)
    await own.night()
    const { proposed } = await own.propose()
    expect(await own.propose('Cleo')).toMatchObject({ proposed: [], unchanged: proposed })
    expect(await own.corrections()).toMatchObject([{ proposed_by: 'Ada' }])
    expect(proposed).toEqual(['1942cf6a4f52832f812d2833'])
  })

  test('becomes obsolete where it is booked by hand meanwhile', async () => {
    own = await openCorrecting()
    await own.arrives('STRIPE', MISSING)
    await own.night()
    const { proposed } = await own.propose()
    await own.client.createInvoiceRefund(own.business.id, INVOICE, {
      ...{ external_id: 're_2', completed_at: '2026-10-15T09:30:00Z', method: 'CREDIT_CARD', processor: 'STRIPE' },
      ...{ refunded_amount: 3000, refund_processing_fee: 30 },
    })
    await own.night('2026-11-21T12:00:00Z')
    expect(await own.propose()).toMatchObject({ proposed: [], unchanged: [], obsolete: proposed })
    expect(await own.corrections()).toMatchObject([
      { status: 'obsolete', outcome: 'not needed any more: its discrepancy is cleared' },
    ])
  })

  test('booked by hand after the approval is found in Layer, and not made twice', async () => {
    own = await openCorrecting()
    await own.arrives('STRIPE', MISSING)
    await own.night()
    await own.propose()
    await own.approve()
    await own.client.createInvoiceRefund(own.business.id, INVOICE, {
      ...{ external_id: 're_2', completed_at: '2026-10-15T09:30:00Z', method: 'CREDIT_CARD', processor: 'STRIPE' },
      ...{ refunded_amount: 2500, refund_processing_fee: 30 },
    })
    expect(await own.post()).toMatchObject([
      {
        status: 'differs',
        problem: true,
        says: expect.stringContaining('the amount is 25.00 USD in Layer, and should be 30.00 USD'),
      },
    ])
    const [differing] = await own.corrections()
    const { database, business, client } = own
    const again = await postCorrections(database, business.id, differing ? [differing] : [], {
      ...{ client, by: 'Ben', now: () => AS_OF },
    })
    expect(again).toMatchObject([{ status: 'differs', says: expect.stringContaining('it was in Layer already') }])
    expect(await own.listed('invoices')).toHaveLength(2)
  })
})

describe('what no refund is proposed for', () => {
  test('reversals, reversed refunds and other currencies are left out, with the reason', async () => {
    own = await openCorrecting()
    await own.arrives(
      'STRIPE',
      'txn_3,Refund,re_3,ch_1,HC-1,-10.00,0,USD,2026-10-15 09:30:00',
      'txn_4,Refund failed,re_3,ch_1,HC-1,4.00,0,USD,2026-10-16 09:30:00',
      'txn_5,Refund,re_5,ch_1,HC-1,-10.00,0,CAD,2026-10-17 09:30:00',
    )
    await own.night()
    const { left_out, proposed } = await own.propose()
    expect(proposed).toEqual([])
    expect(left_out.map(({ transaction_id, reason }) => [transaction_id, reason.slice(0, 35)])).toEqual([
      ['txn_3', 'the processor took (part of) this r'],
      ['txn_4', 'the processor took a refund back, a'],
      ['txn_5', 'it is in CAD, the books are in USD:'],
    ])
  })

  test('two lines of one refund id are two refunds, known by their lines', async () => {
    own = await openCorrecting()
    await own.arrives(
      'STRIPE',
      'txn_6,Refund,re_6,ch_1,HC-1,-10.00,0,USD,2026-10-15 09:30:00',
      'txn_7,Refund,re_6,ch_1,HC-1,-5.00,0,USD,2026-10-15 09:30:00',
    )
    await own.night()
    await own.propose()
    expect((await own.corrections()).map(({ external_id }) => external_id)).toEqual(['txn_6', 'txn_7'])
    await own.approve()
    expect(await own.post()).toMatchObject([{ status: 'posted' }, { status: 'posted' }])
    await own.night('2026-11-21T12:00:00Z')
    expect(await own.standing()).toEqual({ codes: [], verdict: 'reconciled' })
  })
})

describe('a target that nothing in the ledger names', () => {
  test('is left for a person, who gives it; with four eyes another one approves', async () => {
    own = await openCorrecting()
    await own.arrives('STRIPE', 'txn_8,Refund,re_8,ch_2,HC-2,-40.00,0,USD,2026-10-15 09:30:00')
    await own.night()
    expect(await own.propose()).toMatchObject({ proposed: [], needs_target: [expect.any(String)] })
    const [open] = await own.corrections()
    if (!open) throw new Error('there is none')
    expect(open.outcome).toBe(
      'nothing in the ledger names ch_2, HC-2: find the invoice in Layer and give its id with --invoice-id',
    )
    const { database, business } = own
    await expect(approveCorrection(database, business.id, open, BEN)).rejects.toThrow('is needs target and cannot')
    await expect(giveTarget(database, business.id, open, { bill_id: 'x' }, ADA)).rejects.toThrow(
      'expected --invoice-id',
    )
    const given = await giveTarget(database, business.id, open, { invoice_id: OTHER_INVOICE }, ADA)
    await expect(approveCorrection(database, business.id, given, { ...BEN, by: ' ada' })).rejects.toThrow(
      'who proposed it: four_eyes asks for another person',
    )
    await approveCorrection(database, business.id, given, BEN)
    expect(await own.post()).toMatchObject([{ status: 'posted' }])
    await own.night('2026-11-21T12:00:00Z')
    expect(await own.standing()).toEqual({ codes: [], verdict: 'reconciled' })
  })

  test('rejected, it is not proposed again', async () => {
    own = await openCorrecting()
    await own.arrives('STRIPE', MISSING)
    await own.night()
    const { proposed } = await own.propose()
    const [open] = await own.corrections()
    if (!open) throw new Error('there is none')
    await rejectCorrection(own.database, own.business.id, open, { ...BEN, note: 'a gift card, not a refund' })
    expect(await own.propose()).toMatchObject({ proposed: [], unchanged: proposed })
    expect(await own.corrections()).toMatchObject([
      { status: 'rejected', outcome: 'rejected by Ben: a gift card, not a refund' },
    ])
    expect(await own.post()).toEqual([])
  })
})

describe('a vendor refund, whose amount Layer computes', () => {
  test('of a whole payment of 500.00 is created as 500.00, and the month is reconciled', async () => {
    own = await openCorrecting()
    await own.arrives('BILLPAY', 'T000002,Vendor credit,VR1,BP-1,BILL-1,-500.00,1.00,USD,2026-10-20 10:00:00')
    await own.night()
    await own.propose()
    expect(await own.corrections()).toMatchObject([
      { target: { bill_payment_external_id: 'BP-1' }, target_source: 'references', expected_amount: 50_000n },
    ])
    await own.approve()
    expect(await own.post()).toMatchObject([{ status: 'posted', problem: false }])
    expect(await own.listed('bills')).toMatchObject([
      { external_id: 'VR1', refunded_amount: 50_000, allocations: [{ bill_payment_id: BILL_PAYMENT }] },
    ])
    await own.night('2026-11-21T12:00:00Z')
    expect(await own.standing()).toEqual({ codes: [], verdict: 'reconciled' })
  })

  test('of 50.00 of a payment of 500.00 is known beforehand to differ, and then does', async () => {
    own = await openCorrecting()
    await own.arrives('BILLPAY', 'T000002,Vendor credit,VR1,BP-1,BILL-1,-50.00,0,USD,2026-10-20 10:00:00')
    await own.night()
    await own.propose()
    expect(await own.corrections()).toMatchObject([{ amount: 5000n, expected_amount: 50_000n }])
    await expect(own.approve()).rejects.toThrow(
      /of this one 500\.00 USD are left, while BILLPAY says 50\.00 USD.*say why with --despite REASON/,
    )
    expect(await own.corrections()).toMatchObject([{ status: 'proposed', request_body: null }])
    await own.approve('Ben', 'the rest is credited by the vendor next month')
    const [correction] = await own.corrections()
    const events = await readCorrectionEvents(own.database, own.business.id, correction?.correction_id ?? '')
    expect(events.at(-1)).toMatchObject({
      ...{ actor: 'Ben', to_status: 'approved' },
      note: 'despite what will differ: the rest is credited by the vendor next month',
    })
    expect(await own.post()).toMatchObject([
      {
        status: 'differs',
        says: expect.stringContaining('the amount is 500.00 USD in Layer, and should be 50.00 USD'),
      },
    ])
  })
})
