/** Brings a business's settings from the configuration into the tables, where matching and checks read them. */

import { createHash } from 'node:crypto'
import type { BusinessConfig, ProcessorConfig } from '../config/config.ts'
import { UsageFault } from '../core/errors.ts'
import { minorDigits, parseScaled } from '../core/money.ts'
import type { Rate } from '../core/rates.ts'
import type { Database, Db } from '../database/connect.ts'
import { count, type Giving, type RowOf, run } from '../database/statement.ts'

type Before = RowOf<'business/settings_before', 'settings_hash'>

/** How many records have another date than before. */
export interface StoredSettings {
  redated: number
}

/**
 * Stores all settings of a business as configured, its exchange rates among them, in one transaction. Where they are those
 * that were stored last, one statement finds it out and nothing is written. Where the time zone or `ledger_dates` changed,
 * instants get their dates anew, and what moved is noted for the next reconciliation. The caller holds the business's lock.
 * @throws UsageFault where the currency changed and records are stored: their amounts are in the old one
 * @throws FileFault where the rates file cannot be read
 */
export const storeSettings = async (database: Database, business: BusinessConfig): Promise<StoredSettings> => {
  const settings = {
    business: businessOf(business),
    processors: processorsOf(business.processors),
    rates: business.rates === null ? [] : await readRatesFile(business.rates),
  }
  const settings_hash = createHash('sha256').update(JSON.stringify(settings)).digest('hex')
  const [before] = await run<Before>(database, 'business/settings_before', [business.id])
  if (before?.settings_hash === settings_hash) return { redated: 0 }
  if (before?.has_records && before.currency !== business.currency) {
    throw new UsageFault(
      `business ${business.id}: the currency is ${business.currency} in tieout.yaml, but what is stored is in ` +
        `${before.currency}; set it back, or use another database for the new currency`,
    )
  }
  return await database.transaction(async (db) => {
    await count(db, 'business/store_business', [business.id, JSON.stringify(settings.business), settings_hash])
    await count(db, 'business/store_processors', [business.id, JSON.stringify(settings.processors)])
    await count(db, 'business/store_rates', [business.id, ...rateColumns(settings.rates)])
    return { redated: before?.has_records ? await redate(db, before, business) : 0 }
  })
}

/** What reads CSV is loaded only where a business has such a file. */
const readRatesFile = async (path: string): Promise<Rate[]> => (await import('../core/rates.ts')).readRates(path)

async function redate(db: Db, before: Before, { id, time_zone, ledger_dates }: BusinessConfig): Promise<number> {
  const redated = async (...call: Giving<{ redated: bigint }>): Promise<number> =>
    Number((await run<{ redated: bigint }>(db, ...call))[0]?.redated ?? 0n)
  const other_zone = before.time_zone !== time_zone
  const other_dates = before.ledger_dates !== ledger_dates
  const ledger = other_zone || other_dates ? await redated('business/redate_ledger', [id, time_zone, ledger_dates]) : 0
  return ledger + (other_zone ? await redated('business/redate_rows', [id, time_zone]) : 0)
}

/** A business's own settings by the names of their columns. Amounts as text: JSON numbers are no bigints. */
const businessOf = (business: BusinessConfig): object => ({
  name: business.name,
  currency: business.currency,
  time_zone: business.time_zone,
  ledger_lag_days: business.ledger_lag_days,
  four_eyes: business.four_eyes,
  starts_on: business.starts_on,
  ledger_dates: business.ledger_dates,
  outside_methods: business.outside.methods,
  outside_processors: business.outside.processors,
  rate_tolerance_bp: business.rate_tolerance_bp,
  materiality_item: business.materiality.item?.toString() ?? null,
  materiality_month: business.materiality.month?.toString() ?? null,
  waive_limit: business.waive_limit?.toString() ?? null,
  waive_limit_month: business.waive_limit_month?.toString() ?? null,
})

/** Each processor once, with the settings that its entries agree in, and an account for each entry. */
const processorsOf = (entries: readonly ProcessorConfig[]): object => {
  const names = [...new Set(entries.map(({ name }) => name))]
  const firstOf = names.flatMap((name) => entries.find((entry) => entry.name === name) ?? [])
  const aliases = new Map(entries.flatMap(({ name, aliases }) => aliases.map((alias) => [alias, name] as const)))
  return {
    processors: firstOf.map((entry) => ({
      processor: entry.name,
      settlement_lag_days: entry.settlement_lag_days,
      date_window_days: entry.date_window_days,
      usual_lag_days: entry.usual_lag_days,
      match_payouts: entry.match_payouts,
      amount_tolerance: entry.amount_tolerance.toString(),
      fee_tolerance: entry.fee_tolerance.toString(),
      refund_id_pattern: patternOf(entries, entry.name, 'refund_id_pattern'),
      payment_id_pattern: patternOf(entries, entry.name, 'payment_id_pattern'),
    })),
    accounts: entries.map((entry) => ({
      processor: entry.name,
      account: entry.account,
      first_day: entry.first_day,
      last_day: entry.last_day,
      files_cover: entry.files_cover,
      coverage_hole_days: entry.coverage_hole_days,
      lines: entry.lines,
    })),
    aliases: [...aliases].map(([alias, processor]) => ({ alias, processor })),
    fee_policies: firstOf.flatMap(({ name, fees }) =>
      fees.map(({ from, tie, categories }) => ({ processor: name, from_month: from, tie, categories })),
    ),
  }
}

/** The shape of ids that the first mapping of a processor names; null where none does. */
const patternOf = (
  entries: readonly ProcessorConfig[],
  processor: string,
  pattern: 'refund_id_pattern' | 'payment_id_pattern',
): string | null => {
  const named = entries.flatMap(({ name, format }) =>
    name === processor && typeof format !== 'string' ? (format[pattern] ?? []) : [],
  )
  return named[0] ?? null
}

const rateColumns = (rates: readonly Rate[]) =>
  [
    rates.map(({ date }) => date),
    rates.map(({ from }) => from),
    rates.map(({ to }) => to),
    rates.map(({ rate }) => rate),
    rates.map(minorRate),
  ] as const

/** How many minor units of `to` one minor unit of `from` is, exactly: 0.0067 USD for a yen are 0.67 cents. */
export const minorRate = ({ from, to, rate }: Rate): string => {
  const exact = parseScaled(rate)
  if (exact === null) throw new RangeError(`'${rate}' is no rate`)
  const scale = exact.scale - (minorDigits(to) - minorDigits(from))
  if (scale <= 0) return `${exact.unscaled * 10n ** BigInt(-scale)}`
  const digits = exact.unscaled.toString().padStart(scale + 1, '0')
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}
