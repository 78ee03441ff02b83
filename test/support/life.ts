/** A business night after night: what each night's run finds, and what it leaves open. */

import { expect } from 'vitest'
import type { BusinessConfig } from '../../src/config.ts'
import type { Database } from '../../src/database/connect.ts'
import { reconcile } from '../../src/reconciliation/reconcile.ts'
import { quiet } from './quiet.ts'
import { openBusiness, takeIn } from './small-night.ts'

const FOUND = `
  select stored.code,
    array(select line.transaction_id from discrepancy_row listed join processor_row line using (business_id, row_no)
          where listed.business_id = $1 and listed.discrepancy_id = stored.discrepancy_id order by line.transaction_id) as rows
  from discrepancy stored
  where stored.business_id = $1 and stored.status <> 'cleared' and stored.code = any($2::text[])
  order by stored.code, rows`

export interface Life {
  business: BusinessConfig
  /** brings lines of STRIPE, refunds of the ledger and lines of BILLPAY, and gives the findings of the codes: `CODE t1 t2` */
  night(lines: string[], customer?: unknown[], billpay?: string[]): Promise<string[]>
}

export async function life(database: Database, ...codes: string[]): Promise<Life> {
  const business = await openBusiness(database)
  let nights = 0
  return {
    business,
    async night(lines, customer = [], billpay = []) {
      nights += 1
      const as_of = `2026-11-${15 + nights}T12:00:00Z`
      await takeIn(database, business, { as_of, customer, vendor: [], files: { STRIPE: lines, BILLPAY: billpay } })
      const { looked_at_everything } = await reconcile(database, business.id, { as_of, now: as_of, log: quiet })
      expect(looked_at_everything).toBe(nights === 1)
      const found = await database.query<{ code: string; rows: string[] }>(FOUND, [business.id, codes])
      return found.map(({ code, rows }) => [code, ...rows].join(' '))
    },
  }
}

/** What is not settled (transaction and leg ids), and what settled legs wait for. */
export const standOf = async (
  database: Database,
  { business }: Life,
): Promise<{ open: string[]; awaited: string[] }> => {
  const textsOf = async (query: string): Promise<string[]> =>
    (await database.query<{ text: string }>(query, [business.id])).map(({ text }) => text)
  return {
    open: await textsOf(
      `select coalesce(leg_id, transaction_id) as text
       from open_item item
       left join ledger_leg leg on leg.business_id = item.business_id and leg.leg_no = item.item_no
       left join processor_row line on line.business_id = item.business_id and line.row_no = item.item_no
       where item.business_id = $1 order by text`,
    ),
    awaited: await textsOf(
      `select concat_ws(' ', leg_id, key) as text from awaited_payment join ledger_leg using (business_id, leg_no)
       where business_id = $1 order by text`,
    ),
  }
}
