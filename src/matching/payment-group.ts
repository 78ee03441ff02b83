import { isFree, type LegItem, type OpenItems, type RowItem } from './items.ts'
import { keyByKey } from './key-by-key.ts'
import { byCodeUnit, listUnder } from './order.ts'
import { isVetoed } from './veto.ts'
import type { WorkingSet } from './working-set.ts'

/**
 * Pass 3: key by key, all that is left on both sides with the key, when both sides have one sum and no pair is vetoed.
 * Dates do not matter. Last, where the processor has `match_payouts`, one leg for a whole payout.
 */
export function matchByPaymentGroup(work: WorkingSet, open: OpenItems): void {
  for (const { key, legs, rows, vetoed } of keyByKey(work, open, 'payment_group')) {
    const difference = sumOfLegs(legs) - sumOfRows(rows)
    if (vetoed || difference !== 0n) {
      const why = vetoed ? 'some of them are vetoed against each other' : `legs less rows leave ${difference}`
      work.trace?.add(
        'payment_group',
        vetoed ? 'vetoed' : 'not_equal',
        key,
        legs,
        rows,
        `They share ${key}, but ${why}.`,
      )
      continue
    }
    work.take('payment_group', legs, rows)
    work.trace?.add(
      'payment_group',
      'matched',
      key,
      legs,
      rows,
      `All that is left with ${key} has one sum on both sides.`,
    )
  }
  if (open.rules.match_payouts) matchPayouts(work, open)
}

/**
 * Payouts by id, then account: the first leg in order that has the payout's id among its keys, is vetoed against none of
 * its rows, and whose amount is the sum of all its refund rows that are left.
 */
function matchPayouts(work: WorkingSet, open: OpenItems): void {
  const payouts = [...rowsByPayout(open.rows.filter(isFree))].sort(
    ([, [a]], [, [b]]) =>
      byCodeUnit(a?.row.payout_id ?? '', b?.row.payout_id ?? '') ||
      byCodeUnit(a?.row.account ?? '', b?.row.account ?? ''),
  )
  const legsNaming = legsByKey(open.legs.filter(isFree), new Set(payouts.map(([, [row]]) => row?.row.payout_id ?? '')))
  for (const [, rows] of payouts) {
    const payout_id = rows[0]?.row.payout_id ?? ''
    const sum = sumOfRows(rows)
    const classes = [...new Set(rows.map(({ veto }) => veto))]
    const leg = legsNaming
      .get(payout_id)
      ?.find((each) => each.free && each.leg.amount === sum && !classes.some((veto) => isVetoed(each.veto, veto)))
    if (!leg) continue
    work.take('payment_group', [leg], rows)
    work.trace?.add('payment_group', 'matched', payout_id, [leg], rows, `The leg is the whole of payout ${payout_id}.`)
  }
}

function rowsByPayout(rows: readonly RowItem[]): Map<string, RowItem[]> {
  const payouts = new Map<string, RowItem[]>()
  for (const item of rows) {
    const { payout_id, account } = item.row
    if (payout_id) listUnder(payouts, `${payout_id}\0${account}`).push(item)
  }
  return payouts
}

function legsByKey(legs: readonly LegItem[], asked: ReadonlySet<string>): Map<string, LegItem[]> {
  const lists = new Map<string, LegItem[]>()
  for (const item of legs) {
    for (const key of new Set([...item.leg.identity_keys, ...item.leg.reference_keys])) {
      if (asked.has(key)) listUnder(lists, key).push(item)
    }
  }
  return lists
}

const sumOfLegs = (legs: readonly LegItem[]): bigint => legs.reduce((sum, { leg }) => sum + leg.amount, 0n)
const sumOfRows = (rows: readonly RowItem[]): bigint => rows.reduce((sum, { row }) => sum + row.amount, 0n)
