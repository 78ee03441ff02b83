/** A business night after night, on the real path: what each night's run finds, and what it leaves. */

import type { BusinessConfig } from '../../src/config/config.ts'
import type { Database } from '../../src/database/connect.ts'
import { reconcile } from '../../src/reconciliation/reconcile.ts'
import { wrongsIn } from './integrity.ts'
import { quiet } from './quiet.ts'
import { openBusiness, type SmallNight, takeIn } from './small-night.ts'

/** What a night brings: the whole listings, and new lines of files. */
export interface Brought {
  customer?: unknown[]
  vendor?: unknown[]
  stripe?: string[]
  billpay?: string[]
  /** the last date that the files cover: 2026-11-19 where nothing is said */
  covers_to?: string
  /** matches everything anew */
  full?: boolean
}

export interface Nights {
  readonly business: BusinessConfig
  /** Lives through the next night, after which all of sql/integrity holds; gives the findings that stand: 'CODE leg-1 t1'. */
  night(brought: Brought): Promise<string[]>
  /** Legs and rows in no match, by id. */
  open(): Promise<string[]>
  /** The matches: 'refund_id leg-1 t1'. */
  matches(): Promise<string[]>
}

const FOUND = `
  select concat_ws(' ', stored.code, stored.refund_id,
    (select string_agg(leg.leg_id, ' ' order by listed.place) from unnest(stored.leg_nos) with ordinality as listed (leg_no, place)
     join ledger_leg leg on leg.business_id = $1 and leg.leg_no = listed.leg_no),
    (select string_agg(line.transaction_id, ' ' order by listed.place) from unnest(stored.row_nos) with ordinality as listed (row_no, place)
     join processor_row line on line.business_id = $1 and line.row_no = listed.row_no)) as text
  from discrepancy stored
  where stored.business_id = $1 and stored.status <> 'cleared'
  order by text`

const OPEN = `
  select coalesce(leg.leg_id, line.transaction_id) as text
  from open_item item
  left join ledger_leg leg on leg.business_id = item.business_id and leg.leg_no = item.item_no
  left join processor_row line on line.business_id = item.business_id and line.row_no = item.item_no
  where item.business_id = $1
  order by text`

const MATCHES = `
  select concat_ws(' ', min(matched.pass), string_agg(leg.leg_id, ' ' order by leg.leg_id),
    string_agg(line.transaction_id, ' ' order by line.transaction_id)) as text
  from match_item matched
  left join ledger_leg leg on leg.business_id = matched.business_id and leg.leg_no = matched.leg_no
  left join processor_row line on line.business_id = matched.business_id and line.row_no = matched.row_no
  where matched.business_id = $1
  group by matched.match_no
  order by text`

/** Opens a business in USD with files of STRIPE and BILLPAY; its first night is 16 Nov 2026. Its runs are sent by `sender`. */
export async function openNights(
  database: Database,
  settings: Partial<SmallNight> = {},
  sender: Database = database,
): Promise<Nights> {
  const business = await openBusiness(database, settings)
  let nights = 0
  const textsOf = async (query: string): Promise<string[]> =>
    (await database.query<{ text: string }>(query, [business.id])).map(({ text }) => text)
  return {
    business,
    async night({ customer = [], vendor = [], stripe = [], billpay = [], covers_to, full = false }) {
      nights += 1
      const as_of = `2026-11-${15 + nights}T12:00:00Z`
      const files = { STRIPE: stripe, BILLPAY: billpay }
      await takeIn(database, business, { as_of, customer, vendor, files, covers_to })
      await reconcile(sender, business.id, { as_of, now: as_of, full, log: quiet })
      const wrongs = await wrongsIn(database)
      if (wrongs.length > 0) throw new Error(`night ${nights}: ${wrongs.join('; ')}`)
      return await textsOf(FOUND)
    },
    open: async () => await textsOf(OPEN),
    matches: async () => await textsOf(MATCHES),
  }
}
