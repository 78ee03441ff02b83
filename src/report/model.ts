/** One reading of a reconciliation: the lists that every format renders, from one snapshot of the database. */

import { dateInZone } from '../core/period.ts'
import { type RollForwardLine, type RollForwardPart, rollForwardOf } from '../core/roll-forward.ts'
import type { Database, Db } from '../database/connect.ts'
import { batches } from '../database/cursor.ts'
import { type Giving, type RowOf, run } from '../database/statement.ts'
import type { AgeCounts } from './age.ts'
import { MANY, type ReadRows, readerOf } from './ahead.ts'
import { CAUSED, type CauseLine, causesOf } from './causes.ts'
import {
  agesOf,
  choose,
  countAges,
  type FindingChoice,
  readDiscrepancies,
  readFew,
  UNDECIDED,
} from './discrepancies.ts'
import { readFiles } from './files.ts'
import { Kept } from './kept.ts'
import type {
  BusinessLine,
  CloseLine,
  DiscrepancyLine,
  MatchLine,
  OutsideLine,
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

/** The lists of one business. A short one is read once, a long one anew by each call, in batches. Amounts are minor units. */
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
  discrepancies(choice?: Pick<FindingChoice, 'statuses'>): AsyncIterable<DiscrepancyLine>
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

const PLAN_ONCE = 'set local plan_cache_mode = force_generic_plan'

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
    // A cursor is read to its end: plan for that, not for its first rows.
    const settings = ['set transaction read only', 'set local cursor_tuple_fraction = 1']
    await db.query([...settings, ...(scope.business_ids.length >= MANY ? [PLAN_ONCE] : [])].join('; '))
    const businesses = await run<ReportedBusiness>(db, 'report/businesses', [scope.business_ids])
    const ids = businesses.map(({ business_id }) => business_id)
    const rowsOf = readerOf(db, ids)
    const as_of = scope.as_of ?? latest(businesses) ?? scope.generated_at
    const kept = new Kept()
    return render({
      as_of,
      generated_at: scope.generated_at,
      from: scope.from,
      to: scope.to,
      businesses: businesses.map((business) =>
        businessReport(db, kept, rowsOf(business.business_id), business, as_of, scope),
      ),
    })
  }, 'repeatable read')

const latest = (businesses: readonly BusinessLine[]): string | null => {
  const instants = businesses.flatMap((business) => business.reconciled_as_of ?? [])
  return instants.reduce<string | null>((a, b) => (a === null || Date.parse(b) > Date.parse(a) ? b : a), null)
}

/** `has_quarantine`: whether anything was ever put into quarantine. */
type ReportedBusiness = BusinessLine & { has_quarantine: boolean }

const businessReport = (
  db: Db,
  kept: Kept,
  rowsOf: ReadRows,
  { has_quarantine, ...business }: ReportedBusiness,
  as_of: string,
  scope: ReportScope,
): BusinessReport => {
  const id = [business.business_id] as const
  const today = dateInZone(Date.parse(as_of), business.time_zone)
  const months = [business.business_id, scope.from, scope.to] as const
  // looked up once for all formats
  const related = relatedOf(db, business.business_id)
  const list = <T>(name: string, read: () => AsyncIterable<T>): AsyncGenerator<T> =>
    kept.list(`${business.business_id} ${name}`, read)
  const short = <T>(...call: Giving<T>): AsyncGenerator<T> =>
    list<T>(call[0], async function* () {
      yield* await rowsOf<T>(...call)
    })
  const long = <T>(...call: Giving<T>): AsyncGenerator<T> => list<T>(call[0], () => batched<T>(db, ...call))
  const value = <T>(name: string, read: () => Promise<T>, size?: (value: T) => number): Promise<T> =>
    kept.value(`${business.business_id} ${name}`, read, size)
  const all = { from: scope.from, to: scope.to }
  const few = () =>
    value(
      'findings',
      () => readFew(db, business, as_of, all, related),
      (lines) => lines?.length ?? 0,
    )
  async function* discrepancies(choice: FindingChoice): AsyncGenerator<DiscrepancyLine> {
    const short = await few()
    if (short === null) yield* readDiscrepancies(db, business, as_of, { ...all, ...choice }, related)
    else yield* choose(short, choice)
  }
  return {
    business,
    today,
    is_whole: scope.from === null && scope.to === null,
    standing: () => value('standing', () => readStanding(db, business.business_id, rowsOf)),
    since: () => value('since', () => readSince(db, business, as_of, related)),
    verdicts: () => short<VerdictLine>('report/verdicts', months),
    tie_out: () => short<TieOutLine>('report/tie_out', months),
    roll_forward: () =>
      list('roll_forward', async function* () {
        yield* rollForwardOf(await rowsOf<RollForwardPart>('close/roll_forward', months))
      }),
    closes: () => short<CloseLine>('close/list', months),
    async *discrepancies(choice = {}) {
      for await (const line of discrepancies(choice)) if (scope.material !== true || line.material === true) yield line
    },
    causes: () =>
      list('causes', async function* () {
        yield* causesOf(await listOf(discrepancies({ statuses: UNDECIDED, codes: CAUSED })))
      }),
    ages: async () => {
      const short = await few()
      return short === null ? await value('ages', () => countAges(db, business, as_of, all)) : agesOf(short)
    },
    matches: () => short<MatchLine>('report/matches', id),
    outside: () => short<OutsideLine>('report/outside', months),
    coverage: () =>
      list('coverage', async function* () {
        yield* (await rowsOf<CoverageRow>('report/coverage', months)).map(coverageOf)
      }),
    pulls: () => short<PullLine>('report/pulls', id),
    files: () => list('files', () => readFiles(db, business.business_id, scope.from, scope.to)),
    quarantine: () =>
      list('quarantine', async function* () {
        if (has_quarantine) yield* readQuarantine(db, [...months, null])
      }),
    chain: () => short<ChainLine>('report/chain', id),
    notes: () => short<NoteLine>('report/notes', id),
    runs: () => short<RunLine>('report/runs', id),
    bridge: () => long<BridgeLine>('report/bridge', months),
    effects: () => long<FindingEffectLine>('report/effects', months),
    matched_by_day: () => long<MatchedDayLine>('report/matched_by_day', [...months, today]),
    matched: () => long<MatchedLine>('report/matched', months),
    ledger_standing: () => long<LedgerStandingLine>('report/ledger_standing', id),
  }
}

async function* batched<T>(db: Db, ...call: Giving<T>): AsyncGenerator<T> {
  for await (const rows of batches<T>(db, ...call)) yield* rows
}

type CoverageRow = RowOf<'report/coverage', 'from' | 'to'>

const coverageOf = ({ holes_after, holes_before, ...extent }: CoverageRow): CoverageLine => ({
  ...extent,
  holes: holes_after.map((after, i) => ({ after, before: holes_before[i] ?? after })),
})

/** A whole list, where it is known to be short. */
export const listOf = async <T>(lines: AsyncIterable<T>): Promise<T[]> => {
  const list: T[] = []
  for await (const line of lines) list.push(line)
  return list
}
