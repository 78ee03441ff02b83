/** Brings a business's settings from the configuration into the tables, where matching and checks read them. */

import type { BusinessConfig, ProcessorConfig } from '../config.ts'
import type { Db } from '../database/connect.ts'
import { count, run } from '../database/statement.ts'
import { UsageFault } from '../errors.ts'

interface Before {
  currency: string
  time_zone: string
  has_records: boolean
}

/**
 * Stores business, processor_setting and processor_alias as configured; call it in a transaction. Where the time zone
 * changed, all instants get their dates in the new one, and `redated` says how many records moved to another date.
 * @throws UsageFault where the currency changed and records are stored: their amounts are in the old one
 */
export const storeSettings = async (db: Db, business: BusinessConfig): Promise<{ redated: number }> => {
  const [before] = await run<Before>(db, 'intake/business_before', [business.id])
  if (before && before.currency !== business.currency && before.has_records) {
    throw new UsageFault(
      `business ${business.id}: the currency is ${business.currency} in tieout.yaml, but what is stored is in ` +
        `${before.currency}; set it back, or use another database for the new currency`,
    )
  }
  await count(db, 'intake/store_business', [
    business.id,
    business.name,
    business.currency,
    business.time_zone,
    business.ledger_lag_days,
    business.four_eyes,
  ])
  await count(db, 'intake/store_processors', [business.id, JSON.stringify(settingsOf(business.processors))])
  const aliases = new Map(business.processors.flatMap(({ name, aliases }) => aliases.map((alias) => [alias, name])))
  await count(db, 'intake/store_aliases', [business.id, [...aliases.keys()], [...aliases.values()]])
  if (!before || before.time_zone === business.time_zone) return { redated: 0 }
  return { redated: await redate(db, business) }
}

const redate = async (db: Db, business: BusinessConfig): Promise<number> => {
  const zone = [business.id, business.time_zone]
  const refunds = await count(db, 'intake/redate_refunds', zone)
  const legs = await count(db, 'intake/redate_legs', zone)
  const rows = await count(db, 'intake/redate_rows', zone)
  return refunds + legs + rows
}

/** One setting per processor: its accounts together, its numbers as any of them (they agree). */
const settingsOf = (processors: readonly ProcessorConfig[]): object[] =>
  [...new Set(processors.map((entry) => entry.name))].flatMap((name) => {
    const entries = processors.filter((entry) => entry.name === name)
    const [first] = entries
    if (!first) return []
    const patterns = entries.flatMap(({ format }) =>
      typeof format === 'string' ? [] : (format.refund_id_pattern ?? []),
    )
    return [
      {
        processor: name,
        accounts: entries.map((entry) => entry.account).sort(),
        settlement_lag_days: first.settlement_lag_days,
        coverage_hole_days: first.coverage_hole_days,
        date_window_days: first.date_window_days,
        amount_tolerance: String(first.amount_tolerance),
        fee_tolerance: String(first.fee_tolerance),
        refund_id_pattern: patterns[0] ?? null,
      },
    ]
  })
