/** Refunds that the ledger does not have, as rows of its tables, which are sent together in order of their ids. */

import type { ReceivedRefund } from './ledger-refund.ts'
import {
  headOf,
  inCommon,
  MOMENT,
  OF_LEG,
  OF_REFUND,
  ofLeg,
  ofRefund,
  type Rows,
  type Scope,
  type Target,
} from './pull-rows.ts'
import { openRowsById, type RowsById, type SortingRoom } from './rows-by-id.ts'

export interface AddedRefunds {
  add(received: ReceivedRefund): void
  /** bytes */
  size(): number
  /** What it holds now stands; what comes after it is of another page. */
  stand(): void
  /** Forgets what came since stand(). */
  takeBack(): void
  /** What came before stand(), and what came since; of the tables that any came for. Good until clear(). */
  standing(): Rows[]
  unsettled(): Rows[]
  /** Empties it, to be filled again. */
  clear(): void
}

const PULLS = ['first_pull_id', 'changed_pull_id', 'last_pull_id', 'content_pull_id'] as const

const REFUNDS: Target = {
  table: 'ledger_refund',
  columns: [
    ...['business_id', 'direction', ...PULLS],
    ...['refund_id', 'content_hash', 'content_place', 'external_id', 'refunded_amount', ...MOMENT, ...OF_REFUND],
  ],
}
const LEGS: Target = {
  table: 'ledger_leg',
  columns: ['business_id', 'direction', 'refund_id', 'external_id', 'amount', ...MOMENT, ...OF_LEG],
}
/** Before a refund's id, and before that of its leg. */
const HEAD_OF_REFUND = 2 + PULLS.length
const HEAD_OF_LEG = 2

export function openAddedRefunds(scope: Scope, room: SortingRoom): AddedRefunds {
  const refunds = openRowsById(room)
  const legs = openRowsById(room)
  const tables = [
    { ...REFUNDS, head: headOf(REFUNDS, scope, ...PULLS.map(() => scope.pull_id)), rows: refunds, stood: 0 },
    { ...LEGS, head: headOf(LEGS, scope), rows: legs, stood: 0 },
  ]
  const rowsOf = (
    { table, columns, head, rows }: Target & { head: Buffer; rows: RowsById },
    from: number,
    to: number,
  ): Rows[] => (from === to ? [] : [{ table, columns, pieces: rows.byId(head, from, to) }])

  return {
    add({ refund, content_hash, place }) {
      refunds.begin(refund.refund_id, REFUNDS.columns.length - HEAD_OF_REFUND)
      refunds.fields.text(content_hash)
      refunds.fields.int8(place)
      inCommon(refunds.fields, refund, refund.refunded_amount, refund.payment_keys)
      ofRefund(refunds.fields, refund)
      for (const leg of refund.legs) {
        legs.begin(refund.refund_id, LEGS.columns.length - HEAD_OF_LEG)
        inCommon(legs.fields, leg, leg.amount, refund.payment_keys)
        ofLeg(legs.fields, leg)
      }
    },
    size: () => refunds.size() + legs.size(),
    stand() {
      for (const table of tables) table.stood = table.rows.rows()
    },
    takeBack() {
      for (const { rows, stood } of tables) rows.clear(stood)
    },
    standing: () => tables.flatMap((table) => rowsOf(table, 0, table.stood)),
    unsettled: () => tables.flatMap((table) => rowsOf(table, table.stood, table.rows.rows())),
    clear() {
      for (const table of tables) {
        table.rows.clear()
        table.stood = 0
      }
    },
  }
}
