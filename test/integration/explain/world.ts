/** A business with a match of every pass, and with everything that can be open: each of an amount of its own. */

import type { Explanation } from '../../../src/command/explain/explanation.ts'
import { explained } from '../../../src/command/explain.ts'
import type { BusinessConfig } from '../../../src/config/config.ts'
import { reconcile } from '../../../src/reconciliation/reconcile.ts'
import type { FreshDatabase } from '../../support/database.ts'
import { quiet } from '../../support/quiet.ts'
import { openBusiness, takeIn } from '../../support/small-night.ts'

export const AS_OF = '2026-11-20T12:00:00Z'

interface RefundWords {
  /** the payment's external id */
  id?: string
  /** the external id of the payment that it refunds */
  payment?: string
  method?: string
  day?: string
}

/** One refund of one payment: leg `pay-...` of refund `ref-...`. */
export const refund = (name: string, cents: number, words: RefundWords = {}): object => ({
  id: `ref-${name}`,
  refunded_amount: cents,
  status: 'PAID',
  completed_at: `2026-11-${words.day ?? '02'}T12:00:00Z`,
  allocations: [{ amount: cents, invoice_payment_external_id: words.payment ?? null }],
  payments: [
    {
      id: `pay-${name}`,
      external_id: words.id ?? null,
      refunded_amount: cents,
      method: words.method ?? 'CREDIT_CARD',
      processor: words.method ? null : 'STRIPE',
    },
  ],
})

const CUSTOMER = [
  refund('1', 4500, { id: 're_1' }),
  refund('2', 3000, { payment: 'ch_2' }),
  refund('3a', 1000, { payment: 'ch_3' }),
  refund('3b', 1500, { payment: 'ch_3' }),
  refund('4', 1200, { payment: 'ch_4' }),
  refund('5', 7700),
  refund('6', 6600, { id: 're_66', payment: 'ch_6' }),
  refund('7', 2100, { id: 're_7' }),
  refund('8', 2100, { id: 're_7', day: '05' }),
  refund('9a', 8800),
  refund('9b', 8800),
  refund('12', 5100),
  refund('13', 900, { method: 'CASH' }),
]

const STRIPE = [
  't1,Refund,re_1,,,-40.00,0.00,USD,2026-11-03 12:00:00',
  't2,Refund,re_2,ch_2,,-30.00,0.00,USD,2026-11-03 12:00:00',
  't3,Refund,re_3,ch_3,,-25.00,0.00,USD,2026-11-03 12:00:00',
  't4,Refund,re_4,ch_4,,-11.00,0.00,USD,2026-11-03 12:00:00',
  't5,Refund,re_5,,,-77.00,0.00,USD,2026-11-04 12:00:00',
  't6,Refund,re_67,ch_6,,-66.00,0.00,USD,2026-11-02 12:00:00',
  't7,Refund,re_7,,,-21.00,0.00,USD,2026-11-02 12:00:00',
  't9,Refund,re_9,,,-88.00,0.00,USD,2026-11-03 12:00:00',
  't10,Refund,re_10,,,-20.00,0.00,USD,2026-11-03 12:00:00',
  't11,Refund failed,re_10,,,20.00,0.00,USD,2026-11-05 12:00:00',
  't12,Refund,,,,-50.00,0.00,USD,2026-11-03 12:00:00',
  't14,Payment,,ch_14,,99.00,0.00,USD,2026-11-03 12:00:00',
]

const RULING = `
  insert into ruling (business_id, ruling_id, kind, leg_nos, row_nos, by_name, at, note)
  select $1, 'ruling-1', 'match', array[leg.leg_no], array[line.row_no], 'Ada Brook', '2026-11-19T09:00:00Z', 'seen in the dashboard'
  from ledger_leg leg join processor_row line on line.business_id = leg.business_id
  where leg.business_id = $1 and leg.leg_id = 'pay-12' and line.transaction_id = 't12'`

/** Takes everything in and reconciles it once, as of 20 Nov 2026. */
export async function liveThroughAll(database: FreshDatabase): Promise<BusinessConfig> {
  const business = await openBusiness(database)
  await takeIn(database, business, { as_of: AS_OF, customer: CUSTOMER, vendor: [], files: { STRIPE } })
  await database.query(RULING, [business.id])
  await reconcile(database, business.id, { as_of: AS_OF, now: AS_OF, log: quiet })
  return business
}

export const explainIn = async (
  database: FreshDatabase,
  businesses: readonly BusinessConfig[],
  id: string,
): Promise<Explanation> =>
  await database.transaction(async (db) => {
    await db.query('set transaction read only')
    return await explained(db, businesses, id, AS_OF)
  }, 'repeatable read')
