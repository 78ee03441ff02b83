/** The findings of a report: each with its legs, rows, effects, its sentence and what to do about it. */

import { CODES, type Code, type DiscrepancyClass } from '../core/discrepancy.ts'
import { dateInZone, daysBetween } from '../core/period.ts'
import type { Db } from '../database/connect.ts'
import { batches } from '../database/cursor.ts'
import { run } from '../database/statement.ts'
import { type AgeCounts, ageGroup, countAge, noAges } from './age.ts'
import { byKey } from './by-key.ts'
import { SHORT } from './kept.ts'
import type { BusinessLine, DiscrepancyLine, EffectLine, HistoryLine, LegLine, RowLine, Status } from './lines.ts'
import { suggestionOf } from './messages/advice.ts'
import type { FeeTotal, MissingDates, RateFacts, RefundFacts } from './messages/message-facts.ts'
import { messageOf } from './messages/messages.ts'
import { type Related, relatedOf } from './related/related.ts'

const CLASSES: readonly DiscrepancyClass[] = ['error', 'timing', 'info']
const REPORTED: readonly Status[] = ['open', 'acknowledged', 'resolved']

/** Of the findings that somebody still has to look at. */
export const UNDECIDED: readonly Status[] = ['open', 'acknowledged']

/** All codes as a report orders them: errors, timing, info; within a class as the specification lists them. */
export const CODES_IN_ORDER: readonly Code[] = CLASSES.flatMap((wanted) =>
  (Object.keys(CODES) as Code[]).filter((code) => CODES[code].class === wanted),
)

/** Codes whose sentence needs more of the ledger's refunds than their legs. */
const ABOUT_REFUNDS: ReadonlySet<Code> = new Set<Code>([
  'ALLOCATION_TARGET_MISMATCH',
  'ALLOCATION_IMBALANCE',
  'PAYMENT_IMBALANCE',
  'LINE_ITEM_IMBALANCE',
  'LEDGER_REFUND_REMOVED',
])
const ABOUT_RATES: ReadonlySet<Code> = new Set<Code>(['CURRENCY_CONVERTED'])
const ABOUT_FEES: ReadonlySet<Code> = new Set<Code>(['FEE_TOTAL_MISMATCH', 'FEES_NOT_COMPARED'])

export interface FindingChoice {
  /** all that are reported, where not given */
  statuses?: readonly Status[]
  /** all, where not given */
  codes?: readonly Code[]
}

export interface DiscrepancyReading extends FindingChoice {
  from: string | null
  to: string | null
}

/** A finding as it is stored. */
export interface FindingHead {
  business_id: string
  discrepancy_id: string
  code: Code
  direction: DiscrepancyLine['direction']
  processor: string | null
  currency: string
  refund_id: string | null
  month: string | null
  measure: DiscrepancyLine['measure']
  status: string
  dated_on: string | null
  due_on: string | null
  first_seen_at: string
  last_seen_at: string
  late: boolean
  differs?: DiscrepancyLine['differs']
  of_code: bigint
}
type Head = FindingHead & { status: Status }
type Of<T> = T & { discrepancy_id: string }
/** The business, and the findings by their ids. */
type Asked = readonly [string, readonly string[]]
type LegRow = Of<Omit<LegLine, 'completed_at'> & { completed_at: string | null }>

/** The findings in order, a batch of them in memory at a time. `as_of` dates their age. */
export async function* readDiscrepancies(
  db: Db,
  business: BusinessLine,
  as_of: string,
  reading: DiscrepancyReading,
  related: Related = relatedOf(db, business.business_id),
): AsyncGenerator<DiscrepancyLine> {
  const today = dateInZone(Date.parse(as_of), business.time_zone)
  for await (const heads of readHeads(db, business, reading)) {
    yield* await describeFindings(db, business, today, heads, related)
  }
}

function readHeads(db: Db, business: BusinessLine, reading: DiscrepancyReading): AsyncGenerator<Head[]> {
  const { from, to, statuses = REPORTED, codes } = reading
  const wanted = CODES_IN_ORDER.filter((code) => codes?.includes(code) ?? true)
  return batches<Head>(db, 'report/discrepancies', [business.business_id, from, to, wanted, statuses])
}

/** The findings in order where they are few (SHORT), else null. */
export async function readFew(
  db: Db,
  business: BusinessLine,
  as_of: string,
  reading: DiscrepancyReading,
  related: Related,
): Promise<DiscrepancyLine[] | null> {
  const today = dateInZone(Date.parse(as_of), business.time_zone)
  for await (const heads of readHeads(db, business, reading))
    return heads.length > SHORT ? null : await describeFindings(db, business, today, heads, related)
  return []
}

/** Those of the findings that a reading with this choice would give. */
export function choose(lines: readonly DiscrepancyLine[], { statuses, codes }: FindingChoice): DiscrepancyLine[] {
  const chosen = lines.filter(
    ({ status, code }) => (statuses?.includes(status) ?? true) && (codes?.includes(code) ?? true),
  )
  const counts = new Map<Code, bigint>()
  for (const { code } of chosen) counts.set(code, (counts.get(code) ?? 0n) + 1n)
  return chosen.map((line) => ({ ...line, of_code: counts.get(line.code) ?? 0n }))
}

/** How old these findings are, of those that somebody still has to look at. */
export function agesOf(lines: readonly DiscrepancyLine[]): AgeCounts {
  const ages = noAges()
  for (const line of choose(lines, { statuses: UNDECIDED })) countAge(ages, line)
  return ages
}

/** The same of all, of which only the heads are read. */
export async function countAges(
  db: Db,
  business: BusinessLine,
  as_of: string,
  reading: DiscrepancyReading,
): Promise<AgeCounts> {
  const today = dateInZone(Date.parse(as_of), business.time_zone)
  const ages = noAges()
  for await (const heads of readHeads(db, business, { ...reading, statuses: UNDECIDED })) {
    for (const head of heads) countAge(ages, { ...head, class: CODES[head.code].class, ...ageOf(head, today) })
  }
  return ages
}

const ageOf = ({ dated_on }: FindingHead, today: string): Pick<DiscrepancyLine, 'age_days' | 'age_bucket'> => {
  const age_days = dated_on === null ? null : daysBetween(dated_on, today)
  return { age_days, age_bucket: ageGroup(age_days)?.bucket ?? null }
}

/** A stored finding with its sides, its effects, its sentence and what to do about it. */
export type DescribedFinding<H extends FindingHead> = Omit<H, 'discrepancy_id'> & Omit<DiscrepancyLine, 'status'>

/** Reads what belongs to some findings, and says each of them in words. `today` dates their age. */
export async function describeFindings<H extends FindingHead>(
  db: Db,
  business: BusinessLine,
  today: string,
  heads: readonly H[],
  related: Related = relatedOf(db, business.business_id),
): Promise<DescribedFinding<H>[]> {
  const all = heads.map((head) => head.discrepancy_id)
  const some = (wanted: (head: H) => boolean): string[] => heads.filter(wanted).map((head) => head.discrepancy_id)
  const read = async <T>(ids: readonly string[], reading: (asked: Asked) => Promise<Of<T>[]>) =>
    byKey(ids.length === 0 ? [] : await reading([business.business_id, ids]), 'discrepancy_id')
  const legs = await read(all, (asked) => run<LegRow>(db, 'report/discrepancy_legs', asked))
  const rows = await read(all, (asked) => run<Of<RowLine>>(db, 'report/discrepancy_rows', asked))
  const effects = await read(all, (asked) => run<Of<EffectLine>>(db, 'report/discrepancy_effects', asked))
  const histories = await read(all, (asked) => run<Of<HistoryLine>>(db, 'report/discrepancy_events', asked))
  const about_refunds = some(({ code }) => ABOUT_REFUNDS.has(code))
  const refunds = await read(about_refunds, (asked) => run<Of<RefundFacts>>(db, 'report/discrepancy_refunds', asked))
  const about_rates = some(({ code }) => ABOUT_RATES.has(code))
  const rates = await read(about_rates, (asked) => run<Of<RateFacts>>(db, 'report/discrepancy_rates', asked))
  const about_fees = some(({ code }) => ABOUT_FEES.has(code))
  const fee_totals = await read(about_fees, (asked) => run<Of<FeeTotal>>(db, 'report/discrepancy_fee_totals', asked))
  const awaited = some(({ code }) => code === 'AWAITING_PROCESSOR')
  const gaps = await read(awaited, (asked) => run<Of<MissingDates>>(db, 'report/discrepancy_gaps', asked))
  const hints = await related(heads)
  return heads.map((stored) => {
    const { discrepancy_id: id, ...head } = stored
    const found = {
      ...head,
      id,
      class: CODES[head.code].class,
      ...ageOf(stored, today),
      material: isMaterial(head.code, effects(id), rows(id), business),
      legs: legs(id).map((leg) => ({ ...leg, completed_at: leg.completed_at ?? leg.completed_on })),
      rows: rows(id),
      effects: effects(id),
      related: hints(id),
      ...saidByPersons(head.status, histories(id)),
      history: histories(id),
    }
    const context = { refunds: refunds(id), rates: rates(id), fee_totals: fee_totals(id), missing: gaps(id)[0] ?? null }
    const message = messageOf(found, context, business)
    return { ...found, message, suggestion: suggestionOf(found, business) }
  })
}

/** What persons decided, whose it is, and what they noted: the last of each event stands. */
const saidByPersons = (
  status: string,
  history: readonly HistoryLine[],
): Pick<DiscrepancyLine, 'decision' | 'owner' | 'owner_due_on' | 'comments'> => {
  const last = (kind: string): HistoryLine | undefined => history.findLast((event) => event.kind === kind)
  const resolved = status === 'resolved' ? last('resolved') : undefined
  const assigned = last('assigned')
  return {
    decision: resolved ? { as: resolved.as, by: resolved.by, at: resolved.at, note: resolved.note } : null,
    owner: assigned?.to ?? null,
    owner_due_on: assigned?.due_on ?? null,
    comments: history.flatMap(({ kind, by, at, note }) =>
      kind === 'commented' && note !== null ? [{ by, at, note }] : [],
    ),
  }
}

const size = (value: bigint): bigint => (value < 0n ? -value : value)

/**
 * Whether a finding comes to more than `materiality.item`: by the absolute values of all its effects, or of an over-refund by
 * what was too much. That is in the ledger's currency: of a finding that has amounts in other currencies only, nothing can be said.
 */
const isMaterial = (
  code: Code,
  effects: readonly EffectLine[],
  rows: readonly RowLine[],
  { currency, materiality_item }: BusinessLine,
): boolean | null => {
  if (materiality_item === null) return null
  if (code === 'OVER_REFUND') {
    if (rows.some((row) => row.currency !== currency)) return null
    const left = rows.reduce((sum, { type, amount }) => (type === 'payment' ? sum + amount : sum - amount), 0n)
    return size(left) > materiality_item
  }
  const own = effects.filter((effect) => effect.currency === currency)
  if (own.length === 0 && effects.length > 0) return null
  const sizes = own.map((effect) => size(effect.amount) + size(effect.refund_fee) + size(effect.returned_fee))
  return sizes.reduce((sum, each) => sum + each, 0n) > materiality_item
}
