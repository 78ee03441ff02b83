/** The JSON report (spec section 9): written list by list, so that its size costs no memory. */

import type {
  CategoryLine,
  CoverageLine,
  DiscrepancyLine,
  EffectLine,
  FileLine,
  LegLine,
  MatchLine,
  OutsideLine,
  PullLine,
  QuarantineLine,
  RowLine,
  RunLine,
  StatedTotalLine,
  TieOutLine,
  VerdictLine,
} from './lines.ts'
import type { BusinessReport, Report } from './model.ts'
import type { Sink } from './sink.ts'

/** What the writer understands; a bigint is written as a JSON integer of any size. */
export type Json = string | number | bigint | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** JSON text of a value, keys in their order. JSON.stringify knows no bigint, and a float would lose cents above 2^53. */
export const jsonText = (value: Json): string => {
  if (typeof value === 'bigint') return value.toString()
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(jsonText).join(',')}]`
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}:${jsonText(item)}`)
    .join(',')}}`
}

const isList = (value: object): value is readonly Json[] => Array.isArray(value)

const verdict = ({ business_id, month, verdict, reasons }: VerdictLine): Json => ({
  business_id,
  month,
  verdict,
  reasons,
})

const tieOut = (line: TieOutLine): Json => ({
  business_id: line.business_id,
  direction: line.direction,
  processor: line.processor,
  currency: line.currency,
  month: line.month,
  measure: line.measure,
  ledger: line.ledger,
  processor_total: line.processor_total,
  difference: line.difference,
  explained: line.explained,
  unexplained: line.unexplained,
  gross: line.gross,
})

const leg = (line: LegLine): Json => ({
  leg_id: line.leg_id,
  refund_id: line.refund_id,
  external_id: line.external_id,
  refund_external_id: line.refund_external_id,
  processor: line.processor,
  amount: line.amount,
  refund_fee: line.refund_fee,
  returned_fee: line.returned_fee,
  completed_at: line.completed_at,
})

const row = (line: RowLine): Json => ({
  transaction_id: line.transaction_id,
  processor: line.processor,
  account: line.account,
  refund_id: line.refund_id,
  payment_id: line.payment_id,
  type: line.type,
  amount: line.amount,
  refund_fee: line.refund_fee,
  returned_fee: line.returned_fee,
  currency: line.currency,
  occurred_on: line.occurred_on,
  file: line.file,
  line: line.line,
})

const effect = (line: EffectLine): Json => ({
  month: line.month,
  processor: line.processor,
  currency: line.currency,
  amount: line.amount,
  refund_fee: line.refund_fee,
  returned_fee: line.returned_fee,
})

/** One entry of discrepancies[]. */
export const discrepancyJson = (line: DiscrepancyLine): Json => ({
  id: line.id,
  code: line.code,
  class: line.class,
  status: line.status,
  late: line.late,
  business_id: line.business_id,
  direction: line.direction,
  processor: line.processor,
  currency: line.currency,
  message: line.message,
  suggestion: line.suggestion,
  age_days: line.age_days,
  due_on: line.due_on,
  first_seen_at: line.first_seen_at,
  last_seen_at: line.last_seen_at,
  refund_id: line.refund_id,
  legs: line.legs.map(leg),
  rows: line.rows.map(row),
  effects: line.effects.map(effect),
})

const match = (line: MatchLine): Json => ({
  business_id: line.business_id,
  direction: line.direction,
  processor: line.processor,
  pass: line.pass,
  legs: line.legs,
  rows: line.rows,
  amount: line.amount,
  count: line.count,
})

const outside = (line: OutsideLine): Json => ({
  business_id: line.business_id,
  direction: line.direction,
  method: line.method,
  currency: line.currency,
  month: line.month,
  legs: line.legs,
  amount: line.amount,
})

const coverage = ({ business_id, processor, from, to, holes }: CoverageLine): Json => ({
  business_id,
  processor,
  from,
  to,
  holes: holes.map(({ after, before }) => ({ after, before })),
})

const pull = (line: PullLine): Json => ({
  business_id: line.business_id,
  pull_id: line.pull_id,
  direction: line.direction,
  as_of: line.as_of,
  started_at: line.started_at,
  finished_at: line.finished_at,
  complete: line.complete,
  maybe_cut: line.maybe_cut,
  refunds: line.refunds,
  quarantined: line.quarantined,
  pages: line.pages,
  bytes: line.bytes,
  sha256: line.sha256,
  problem: line.problem,
})

const total = ({ name, stated, read, holds }: StatedTotalLine): Json => ({ name, stated, read, holds })
const category = ({ category, type, currency, count, amount }: CategoryLine): Json => ({
  category,
  type,
  currency,
  count,
  amount,
})

const file = (line: FileLine): Json => ({
  business_id: line.business_id,
  processor: line.processor,
  account: line.account,
  name: line.name,
  sha256: line.sha256,
  bytes: line.bytes,
  format: line.format,
  imported_at: line.imported_at,
  records: line.records,
  accepted: line.accepted,
  known: line.known,
  quarantined: line.quarantined,
  covers: line.covers && { from: line.covers.from, to: line.covers.to, source: line.covers.source },
  totals: line.totals.map(total),
  categories: line.categories.map(category),
})

const quarantine = (line: QuarantineLine): Json => ({
  business_id: line.business_id,
  source: line.source,
  line: line.line,
  reason: line.reason,
  raw: line.raw,
})

const run = (line: RunLine): Json => ({
  business_id: line.business_id,
  run_id: line.run_id,
  job: line.job,
  as_of: line.as_of,
  started_at: line.started_at,
  finished_at: line.finished_at,
  outcome: line.outcome,
  problem: line.problem,
})

/** Writes the report as one JSON document, a line of text for every entry of its lists. */
export const writeJson = async (report: Report, sink: Sink): Promise<void> => {
  const businesses = report.businesses.map(({ business }) => ({
    business_id: business.business_id,
    name: business.name,
    currency: business.currency,
    time_zone: business.time_zone,
  }))
  const scope = { businesses, from: report.from, to: report.to }
  const { as_of, generated_at } = report
  const head = jsonText({ schema: 'tieout.report/1', as_of, generated_at, scope })
  await sink.write(head.slice(0, -1))
  const list = async <T>(
    name: string,
    read: (business: BusinessReport) => AsyncIterable<T>,
    shape: (line: T) => Json,
  ): Promise<void> => {
    await sink.write(`,\n${JSON.stringify(name)}:[`)
    let first = true
    for (const business of report.businesses) {
      for await (const line of read(business)) {
        await sink.write(`${first ? '' : ','}\n${jsonText(shape(line))}`)
        first = false
      }
    }
    await sink.write(first ? ']' : '\n]')
  }
  await list('verdicts', (business) => business.verdicts(), verdict)
  await list('tie_out', (business) => business.tie_out(), tieOut)
  await list('discrepancies', (business) => business.discrepancies(), discrepancyJson)
  await list('matches', (business) => business.matches(), match)
  await list('outside', (business) => business.outside(), outside)
  await list('coverage', (business) => business.coverage(), coverage)
  await list('pulls', (business) => business.pulls(), pull)
  await list('files', (business) => business.files(), file)
  await list('quarantine', (business) => business.quarantine(), quarantine)
  await list('runs', (business) => business.runs(), run)
  await sink.write('\n}\n')
}
