/** OVER_REFUND: follows payment ids to the end, from the payments that new rows name (spec section 5). */

import type { Db } from '../database/connect.ts'
import { count, type RowOf, run } from '../database/statement.ts'

type LinkedRow = RowOf<'reconcile/over_refund_linked', 'presented_amount' | 'presented_currency' | 'reversal_of'>

interface Group {
  direction: string
  processor: string
  currency: string
  payment_nos: string[]
  row_nos: string[]
}

/**
 * Finds the groups of rows that may refund more than was paid, and stores them for sql/check/over_refund.sql, which
 * judges them. `payment_ids`: of new and changed rows, from which it starts and from what was found before; null: from all.
 */
export async function linkOverRefunds(db: Db, business_id: string, payment_ids: string[] | null): Promise<void> {
  const seeds =
    payment_ids === null
      ? await run<{ row_no: bigint }>(db, 'reconcile/over_refund_seeds_all', [business_id])
      : await run<{ row_no: bigint }>(db, 'reconcile/over_refund_seeds', [business_id, payment_ids])
  if (seeds.length === 0) return
  const rows = await rowsLinkedTo(
    db,
    business_id,
    seeds.map(({ row_no }) => row_no),
  )
  const groups = (['customer', 'vendor'] as const).flatMap((direction) => groupsOf(direction, rows))
  await count(db, 'reconcile/store_over_refunds', [business_id, JSON.stringify(groups)])
}

/** Everything that hangs together with these rows by payment ids and reversals. */
async function rowsLinkedTo(db: Db, business_id: string, row_nos: readonly bigint[]): Promise<LinkedRow[]> {
  const found = new Map<bigint, LinkedRow>()
  const asked = new Set<string>()
  let ask: { row_nos: readonly bigint[]; payment_ids: string[] } = { row_nos, payment_ids: [] }
  while (ask.row_nos.length + ask.payment_ids.length > 0) {
    const rows = await run<LinkedRow>(db, 'reconcile/over_refund_linked', [business_id, ask.row_nos, ask.payment_ids])
    const fresh = rows.filter(({ row_no }) => !found.has(row_no))
    for (const row of fresh) found.set(row.row_no, row)
    const payment_ids = [...new Set(fresh.flatMap((row) => row.payment_ids))].filter((id) => !asked.has(id))
    for (const id of payment_ids) asked.add(id)
    // a row without payment ids hangs on by its refund, or its reversal
    ask = { row_nos: fresh.filter(({ type }) => /refund/.test(type)).map(({ row_no }) => row_no), payment_ids }
  }
  return [...found.values()]
}

const before = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const inOrder = (a: LinkedRow, b: LinkedRow): number =>
  before(a.on_date, b.on_date) || before(a.transaction_id, b.transaction_id) || before(a.account, b.account)

/** Payments and chargebacks have no direction and count in each. */
const countsIn = (direction: string, row: LinkedRow): boolean =>
  !row.type.includes('refund') || row.direction === direction

function groupsOf(direction: 'customer' | 'vendor', rows: readonly LinkedRow[]): Group[] {
  const own = rows.filter((row) => countsIn(direction, row)).sort(inOrder)
  const parent = new Map<string, string>()
  const root = (name: string): string => {
    const up = parent.get(name) ?? name
    if (up === name) return name
    const top = root(up)
    parent.set(name, top)
    return top
  }
  const nameOf = (row_no: bigint): string => `row ${row_no}`
  for (const row of own) {
    const links = row.payment_ids.map((id) => JSON.stringify([row.processor, row.currency, id]))
    if (row.reversal_of !== null) links.push(nameOf(row.reversal_of))
    for (const link of links) parent.set(root(link), root(nameOf(row.row_no)))
  }
  const members = groupBy(own, root, nameOf)
  return [...members.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined || !mayExceed(group)) return []
    return [
      {
        direction,
        processor: first.processor,
        currency: first.currency,
        payment_nos: group.filter(({ type }) => type === 'payment').map(({ row_no }) => String(row_no)),
        row_nos: group.map(({ row_no }) => String(row_no)),
      },
    ]
  })
}

function groupBy(
  rows: readonly LinkedRow[],
  root: (name: string) => string,
  nameOf: (row_no: bigint) => string,
): Map<string, LinkedRow[]> {
  const groups = new Map<string, LinkedRow[]>()
  for (const row of rows) {
    // a reversal may be tied to a refund in another currency: the group is of one
    const key = `${root(nameOf(row.row_no))} ${row.processor} ${row.currency}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return groups
}

/** Whether it has payments and refunds, and gives back more than was paid by either of the two amounts. */
function mayExceed(group: readonly LinkedRow[]): boolean {
  const exceeds = (amountOf: (row: LinkedRow) => bigint): boolean =>
    group.reduce((sum, row) => (row.type === 'payment' ? sum - amountOf(row) : sum + amountOf(row)), 0n) > 0n
  return (
    group.some(({ type }) => type === 'payment') &&
    group.some(({ type }) => type === 'refund' || type === 'vendor_refund') &&
    (exceeds(({ amount }) => amount) || exceeds(({ presented_amount }) => presented_amount ?? 0n))
  )
}
