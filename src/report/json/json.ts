/** The JSON report (spec section 9): written list by list, so that its size costs no memory. */

import type { RollForwardLine, Sums } from '../../core/roll-forward.ts'
import type { CauseLine } from '../causes.ts'
import type { CloseLine, MatchLine, OutsideLine, TieOutLine, VerdictLine } from '../lines.ts'
import type { BusinessReport, Report } from '../model.ts'
import type { Sink } from '../sink.ts'
import type {
  CategoryLine,
  ChainLine,
  CoverageLine,
  FileLine,
  NoteLine,
  PullLine,
  QuarantineLine,
  RunLine,
  StatedTotalLine,
  StoredLine,
} from '../source-lines.ts'
import { discrepancyJson } from './finding-json.ts'
import { type Json, jsonText } from './json-text.ts'

const verdict = ({ business_id, month, verdict, reasons, ...line }: VerdictLine): Json => ({
  business_id,
  month,
  verdict,
  reasons: reasons.map(({ code, text }) => ({ code, text })),
  signed:
    line.closed_at === null
      ? null
      : {
          prepared_by: line.prepared_by,
          reviewed_by: line.reviewed_by,
          closed_at: line.closed_at,
          sha256: line.sha256,
        },
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
  tied: line.tied,
})

const sums = ({ amount, refund_fee, returned_fee, count }: Sums): Json => ({ amount, refund_fee, returned_fee, count })

const rollForward = (line: RollForwardLine): Json => ({
  business_id: line.business_id,
  direction: line.direction,
  processor: line.processor,
  currency: line.currency,
  month: line.month,
  opening: sums(line.opening),
  new: sums(line.new),
  cleared: sums(line.cleared),
  resolved: sums(line.resolved),
  changed: sums(line.changed),
  closing: sums(line.closing),
})

const close = (line: CloseLine): Json => ({
  business_id: line.business_id,
  month: line.month,
  state: line.state,
  prepared_by: line.prepared_by,
  prepared_at: line.prepared_at,
  reviewed_by: line.reviewed_by,
  closed_at: line.closed_at,
  accept_open: line.accept_open,
  sha256: line.sha256,
  event_number: line.event_number,
  event_hash: line.event_hash,
})

const cause = (line: CauseLine): Json => ({
  business_id: line.business_id,
  code: line.code,
  processor: line.processor,
  count: line.count,
  amount: line.amount,
  text: line.text,
  discrepancy_ids: line.discrepancy_ids,
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
  processor: line.processor,
  currency: line.currency,
  month: line.month,
  legs: line.legs,
  amount: line.amount,
})

const coverage = ({ business_id, processor, account, from, to, holes }: CoverageLine): Json => ({
  business_id,
  processor,
  account,
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
  empty_legs: line.empty_legs,
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

/**
 * rows: canonical rows that it has, known ones too. None is refused: what was refused is not stored.
 */
export const fileJson = (line: FileLine): Json => ({
  id: line.id,
  business_id: line.business_id,
  processor: line.processor,
  account: line.account,
  format: line.format,
  path: line.path,
  sha256: line.sha256,
  state: line.state,
  records: line.records,
  rows: line.accepted + line.known,
  from: line.covers?.from ?? null,
  to: line.covers?.to ?? null,
  reason: null,
  bytes: line.bytes,
  imported_at: line.imported_at,
  accepted: line.accepted,
  known: line.known,
  same_as_earlier: line.same_as_earlier,
  quarantined: line.quarantined,
  coverage_source: line.covers?.source ?? null,
  totals: line.totals.map(total),
  categories: line.categories.map(category),
})

const stored = (line: StoredLine): Json => ({
  type: line.type,
  amount: line.amount,
  refund_fee: line.refund_fee,
  returned_fee: line.returned_fee,
  currency: line.currency,
  presented_amount: line.presented_amount,
  presented_currency: line.presented_currency,
  refund_id: line.refund_id,
  occurred_at: line.occurred_at,
  occurred_on: line.occurred_on,
  file: line.file,
  line: line.line,
})

export const quarantineJson = (line: QuarantineLine): Json => ({
  id: line.id,
  business_id: line.business_id,
  source: line.source,
  line: line.line,
  reason: line.reason,
  raw: line.raw,
  stored: line.stored && stored(line.stored),
})

const chain = ({ business_id, event_number, event_hash }: ChainLine): Json => ({
  business_id,
  event_number,
  event_hash,
})

const note = ({ business_id, code, text, count, amount }: NoteLine): Json => ({
  business_id,
  code,
  text,
  count,
  amount,
})

/** Where the chain stood at its end is not known of a run. */
const run = (line: RunLine): Json => ({
  run_id: line.run_id,
  business_id: line.business_id,
  command: line.command,
  as_of: line.as_of,
  started_at: line.started_at,
  finished_at: line.finished_at,
  state: line.state,
  event_number: null,
  event_hash: null,
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
  const head = jsonText({ schema: 'tieout.report/2', as_of, generated_at, scope })
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
  await list('roll_forward', (business) => business.roll_forward(), rollForward)
  await list('discrepancies', (business) => business.discrepancies(), discrepancyJson)
  await list('causes', (business) => business.causes(), cause)
  await list('matches', (business) => business.matches(), match)
  await list('outside', (business) => business.outside(), outside)
  await list('coverage', (business) => business.coverage(), coverage)
  await list('pulls', (business) => business.pulls(), pull)
  await list('files', (business) => business.files(), fileJson)
  await list('quarantine', (business) => business.quarantine(), quarantineJson)
  await list('closes', (business) => business.closes(), close)
  await list('chain', (business) => business.chain(), chain)
  await list('notes', (business) => business.notes(), note)
  await list('runs', (business) => business.runs(), run)
  await sink.write('\n}\n')
}
