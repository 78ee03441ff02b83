/** Where legs and rows stand, as the runs so far left them: matches with their totals, open items, rulings. */

import type { Db } from '../../database/connect.ts'
import { run } from '../../database/statement.ts'
import type { Pass, StoredMatch } from '../../matching/types.ts'
import type { ItemNumbers, Neighbourhood } from '../../reconciliation/neighbourhood.ts'
import type { LegDetail, RowDetail } from './items.ts'

/** The totals of a match in one currency; the last three are legs less rows, in minor units. */
export interface MatchTotal {
  currency: string
  pass: Pass
  legs: bigint
  rows: bigint
  ledger_amount: bigint
  processor_amount: bigint
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
}

/** Between which runs a match was made; null where that is not known. */
export interface MatchMade {
  /** the first run that had all of its items */
  run_id: bigint | null
  job: string | null
  /** the as_of of that run */
  not_before: string | null
  /** the as_of of the first run that found something to say of it, else of the last run */
  not_after: string | null
}

export interface StoredMatchDetail extends StoredMatch {
  totals: MatchTotal[]
  made: MatchMade
}

interface StoredRuling {
  ruling_id: string
  kind: 'match' | 'unmatch'
  leg_nos: bigint[]
  row_nos: bigint[]
  by_name: string
  at: string
  note: string | null
}

export interface Stored {
  /** the as_of of the last run; null: none ran */
  as_of: string | null
  matches: StoredMatchDetail[]
  /** the items asked about that are in no match */
  open_legs: LegDetail[]
  open_rows: RowDetail[]
  rulings: StoredRuling[]
}

/** Reads where the items asked about stand. */
export async function readStored(
  db: Db,
  { business_id, as_of }: { business_id: string; as_of: string | null },
  { legs, rows }: { legs: readonly LegDetail[]; rows: readonly RowDetail[] },
  near: Neighbourhood,
): Promise<Stored> {
  const numbers = new Set([...legs, ...rows].flatMap(({ match_no }) => match_no ?? []))
  const matches: StoredMatchDetail[] = []
  for (const match of near.matches.filter(({ match_no }) => numbers.has(match_no))) {
    const totals = await run<MatchTotal>(db, 'explain/show_match', [business_id, match.match_no])
    matches.push({ ...match, totals, made: await madeOf(db, business_id, match, as_of) })
  }
  const asked = [business_id, legs.map(({ leg_no }) => leg_no), rows.map(({ row_no }) => row_no)] as const
  return {
    as_of,
    matches,
    open_legs: legs.filter(({ match_no }) => match_no === null),
    open_rows: rows.filter(({ match_no }) => match_no === null),
    rulings: await run<StoredRuling>(db, 'explain/rulings', asked),
  }
}

async function madeOf(
  db: Db,
  business_id: string,
  { leg_nos, row_nos }: ItemNumbers,
  as_of: string | null,
): Promise<MatchMade> {
  const [made] = await run<MatchMade>(db, 'explain/match_made', [business_id, leg_nos, row_nos])
  if (made === undefined) return { run_id: null, job: null, not_before: null, not_after: as_of }
  return { ...made, not_after: made.not_after ?? as_of }
}
