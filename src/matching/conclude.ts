import { isFree, type LegItem, type RowItem } from './items.ts'
import { directionOf, isRefund } from './keys.ts'
import type { Match, Matching, Pass, Row } from './types.ts'
import type { WorkingSet } from './working-set.ts'

const PASSES: readonly Pass[] = [
  'manual',
  'refund_id',
  'payment_reference',
  'payment_group',
  'payment_reference_only',
  'amount_and_date',
  'cancelled',
]

/**
 * Says what became of every item: reversals and fee-only rows follow their refund into its match or its ambiguous
 * finding, what is left is unmatched. Matches come by pass, then by their first leg, else by their first row.
 */
export function concludeMatching(work: WorkingSet): Matching {
  const placed = new Set<RowItem>()
  const withFollowers = (legs: LegItem[], rows: RowItem[]) => {
    const refunds = inOrder(rows.filter(({ row }) => isRefund(row)))
    const reversalsNamed = rows.filter(({ row }) => !isRefund(row))
    const following = inOrder([...reversalsNamed, ...refunds.flatMap((row) => work.followersOf(row))])
    for (const row of following) placed.add(row)
    return { legs: inOrder(legs), rows: [...refunds, ...following] }
  }
  const matches = work.drafts
    .map(({ pass, legs, rows }) => ({ pass, ...withFollowers(legs, rows) }))
    .sort((a, b) => PASSES.indexOf(a.pass) - PASSES.indexOf(b.pass) || compareFirst(a, b))
  const ambiguous = work.ambiguous.map(({ legs, rows }) => withFollowers(legs, rows)).sort(compareFirst)
  const reversal_of: ReadonlyMap<Row, Row> = new Map(
    [...work.reversalOf].map(([reversal, refund]) => [reversal.row, refund.row] as const),
  )
  return {
    matches: matches.map(({ pass, legs, rows }): Match => ({ pass, legs: legs.map(toLeg), rows: rows.map(toRow) })),
    duplicates: work.duplicates.map(toLeg),
    ambiguous: ambiguous.map(({ legs, rows }) => ({ legs: legs.map(toLeg), rows: rows.map(toRow) })),
    unmatched_legs: work.legs.filter(isFree).map(toLeg),
    unmatched_rows: inOrder([...work.refunds, ...work.reversals].filter((row) => row.free && !placed.has(row))).map(
      toRow,
    ),
    reversal_of,
    direction_of: (row) => directionOf(row, reversal_of.get(row)),
    trace: work.trace?.entries ?? [],
  }
}

const toLeg = ({ leg }: LegItem) => leg
const toRow = ({ row }: RowItem) => row

const inOrder = <T extends { readonly order: number }>(items: readonly T[]): T[] =>
  items.toSorted((a, b) => a.order - b.order)

interface Group {
  readonly legs: readonly LegItem[]
  readonly rows: readonly RowItem[]
}

const compareFirst = (a: Group, b: Group): number =>
  (a.legs[0]?.order ?? -1) - (b.legs[0]?.order ?? -1) || (a.rows[0]?.order ?? -1) - (b.rows[0]?.order ?? -1)
