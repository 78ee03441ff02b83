/** One reading of a reconciliation: the lists that every format renders, from one snapshot of the database. */

import { dateInZone } from '../core/period.ts'
import { type RollForwardLine, type RollForwardPart, rollForwardOf } from '../core/roll-forward.ts'
import type { Database, Db } from '../database/connect.ts'
import { batches } from '../database/cursor.ts'
import { type Giving, type RowOf, run } from '../database/statement.ts'
import type { AgeCounts } from './age.ts'
import { CAUSED, type CauseLine, causesOf } from './causes.ts'
import { countAges, readDiscrepancies } from './discrepancies.ts'
import { readFiles } from './files.ts'
import type {
  BusinessLine,
  CloseLine,
  DiscrepancyLine,
  MatchLine,
  OutsideLine,
  Status,
  TieOutLine,
  VerdictLine,
} from './lines.ts'
import { readQuarantine } from './quarantine.ts'
import { relatedOf } from './related/related.ts'
import { readSince, type Since } from './since.ts'
import type { ChainLine, CoverageLine, FileLine, NoteLine, PullLine, QuarantineLine, RunLine } from './source-lines.ts'
import { readStanding, type Standing } from './standing.ts'
import type {
  BridgeLine,
  FindingEffectLine,
  LedgerStandingLine,
  MatchedDayLine,
  MatchedLine,
} from './text/detail-lines.ts'

/** What is reported: months choose among what is there, they do not change what was found. */
export interface ReportScope {
  /** null: that of the latest reconciliation, or generated_at where there is none */
  as_of: string | null
  /** the only clock of a report */
  generated_at: string
  /** first and last month, 'YYYY-MM'; null: no bound */
  from: string | null
  to: string | null
  /** in the order in which they are reported */
  business_ids: readonly string[]
  /** only findings above the materiality are listed; totals stay whole */
  material?: boolean
}

interface DiscrepancyChoice {
  /** all that are reported, where not given */
  statuses?: readonly Status[]
  /** at most so many of each code; DiscrepancyLine.of_code says how many there are */
  per_code?: number
}

/** The lists of one business. Each call reads anew, in batches; amounts are minor units. */
export interface BusinessReport {
  business: BusinessLine
  /** the date of as_of */
  today: string
  /** all months are reported */
  is_whole: boolean
  /** of all months, whatever is reported */
  standing(): Promise<Standing>
  /** what changed since the night before, whatever is reported; read once */
  since(): Promise<Since>
  verdicts(): AsyncIterable<VerdictLine>
  tie_out(): AsyncIterable<TieOutLine>
  roll_forward(): AsyncIterable<RollForwardLine>
  closes(): AsyncIterable<CloseLine>
  /** errors, then timing, then info; in each code the oldest first */
  discrepancies(choice?: DiscrepancyChoice): AsyncIterable<DiscrepancyLine>
  /** open and acknowledged findings that have one cause */
  causes(): AsyncIterable<CauseLine>
  /** of those that are open or acknowledged */
  ages(): Promise<AgeCounts>
  matches(): AsyncIterable<MatchLine>
  outside(): AsyncIterable<OutsideLine>
  coverage(): AsyncIterable<CoverageLine>
  pulls(): AsyncIterable<PullLine>
  files(): AsyncIterable<FileLine>
  quarantine(): AsyncIterable<QuarantineLine>
  chain(): AsyncIterable<ChainLine>
  notes(): AsyncIterable<NoteLine>
  runs(): AsyncIterable<RunLine>
  bridge(): AsyncIterable<BridgeLine>
  /** the effects within the months reported */
  effects(): AsyncIterable<FindingEffectLine>
  matched(): AsyncIterable<MatchedLine>
  /** at most the last 92 days */
  matched_by_day(): AsyncIterable<MatchedDayLine>
  ledger_standing(): AsyncIterable<LedgerStandingLine>
}

export interface Report {
  as_of: string
  generated_at: string
  from: string | null
  to: string | null
  businesses: BusinessReport[]
}

/**
 * Opens one repeatable-read, read-only snapshot and gives the report of it to `render`; the lists can be read
 * until `render` is done. A business that has never run is left out.
 */
export const withReport = <T>(
  database: Database,
  scope: ReportScope,
  render: (report: Report) => Promise<T>,
): Promise<T> =>
  database.transaction(async (db) => {
    await db.query('set transaction read only')
    // A cursor is read to its end: plan for that, not for its first rows.
    await db.query('set local cursor_tuple_fraction = 1')
    const businesses = await run<BusinessLine>(db, 'report/businesses', [scope.business_ids])
    const as_of = scope.as_of ?? latest(businesses) ?? scope.generated_at
    return render({
      as_of,
      generated_at: scope.generated_at,
      from: scope.from,
      to: scope.to,
      businesses: businesses.map((business) => businessReport(db, business, as_of, scope)),
    })
  }, 'repeatable read')

const latest = (businesses: readonly BusinessLine[]): string | null => {
  const instants = businesses.flatMap((business) => business.reconciled_as_of ?? [])
  return instants.reduce<string | null>((a, b) => (a === null || Date.parse(b) > Date.parse(a) ? b : a), null)
}

const businessReport = (db: Db, business: BusinessLine, as_of: string, scope: ReportScope): BusinessReport => {
  const id = [business.business_id] as const
  const today = dateInZone(Date.parse(as_of), business.time_zone)
  const months = [business.business_id, scope.from, scope.to] as const
  // looked up once for all formats
  const related = relatedOf(db, business.business_id)
  let since: Promise<Since> | null = null
  const caused = { from: scope.from, to: scope.to, statuses: ['open', 'acknowledged'], codes: CAUSED } as const
  return {
    business,
    today,
    is_whole: scope.from === null && scope.to === null,
    standing: () => readStanding(db, business.business_id),
    since: () => {
      since ??= readSince(db, business, as_of, related)
      return since
    },
    verdicts: () => each<VerdictLine>(db, 'report/verdicts', months),
    tie_out: () => each<TieOutLine>(db, 'report/tie_out', months),
    async *roll_forward() {
      yield* rollForwardOf(await run<RollForwardPart>(db, 'close/roll_forward', months))
    },
    closes: () => each<CloseLine>(db, 'close/list', months),
    async *discrepancies(choice = {}) {
      const reading = { from: scope.from, to: scope.to, ...choice }
      for await (const line of readDiscrepancies(db, business, as_of, reading, related))
        if (scope.material !== true || line.material === true) yield line
    },
    async *causes() {
      yield* causesOf(await listOf(readDiscrepancies(db, business, as_of, caused, related)))
    },
    ages: () => countAges(db, business, as_of, { from: scope.from, to: scope.to }),
    matches: () => each<MatchLine>(db, 'report/matches', id),
    outside: () => each<OutsideLine>(db, 'report/outside', months),
    coverage: () => readCoverage(db, months),
    pulls: () => each<PullLine>(db, 'report/pulls', id),
    files: () => readFiles(db, business.business_id, scope.from, scope.to),
    quarantine: () => readQuarantine(db, [...months, null]),
    chain: () => each<ChainLine>(db, 'report/chain', id),
    notes: () => each<NoteLine>(db, 'report/notes', id),
    runs: () => each<RunLine>(db, 'report/runs', id),
    bridge: () => each<BridgeLine>(db, 'report/bridge', months),
    effects: () => each<FindingEffectLine>(db, 'report/effects', months),
    matched_by_day: () => each<MatchedDayLine>(db, 'report/matched_by_day', [...months, today]),
    matched: () => each<MatchedLine>(db, 'report/matched', months),
    ledger_standing: () => each<LedgerStandingLine>(db, 'report/ledger_standing', id),
  }
}

async function* each<T>(db: Db, ...call: Giving<T>): AsyncGenerator<T> {
  for await (const rows of batches<T>(db, ...call)) yield* rows
}

type CoverageRow = RowOf<'report/coverage', 'from' | 'to'>

async function* readCoverage(
  db: Db,
  months: readonly [string, string | null, string | null],
): AsyncGenerator<CoverageLine> {
  for await (const row of each<CoverageRow>(db, 'report/coverage', months)) {
    const { holes_after, holes_before, ...extent } = row
    yield { ...extent, holes: holes_after.map((after, i) => ({ after, before: holes_before[i] ?? after })) }
  }
}

/** A whole list, where it is known to be short. */
export const listOf = async <T>(lines: AsyncIterable<T>): Promise<T[]> => {
  const list: T[] = []
  for await (const line of lines) list.push(line)
  return list
}
