/** What a canonical row may hold, so that the database can keep, index and add it up (spec section 3). */

import { heldKey } from '../../core/keys.ts'
import type { CanonicalRow } from '../formats/format.ts'

/** Minor units. Sums of millions of such amounts still fit into the database's integers. */
const LARGEST_AMOUNT = 10n ** 15n
/** An id is part of an index, whose entries hold some 2,700 bytes. */
const LONGEST_ID = { characters: 1000, bytes: 2500 }
/** Any other date is a slip of the pen, and some have no text of ten characters. */
const [FIRST_DATE, LAST_DATE] = ['1900-01-01', '2999-12-31']

/** Why a row cannot be kept, in words; null where it can. */
export const outOfBounds = (row: CanonicalRow): string | null =>
  amountProblem('amount', row.amount) ??
  amountProblem('refund fee', row.refund_fee) ??
  amountProblem('returned fee', row.returned_fee) ??
  (row.presented_amount === null ? null : amountProblem('presented amount', row.presented_amount)) ??
  (heldKey(row.transaction_id) === '' ? "the transaction id is nothing but '#', expected an id" : null) ??
  idProblem('transaction id', row.transaction_id) ??
  (row.refund_id === null ? null : idProblem('refund id', row.refund_id)) ??
  firstOf(row.payment_ids, (id) => idProblem('payment id', id)) ??
  dateProblem('date', row.occurred_on) ??
  (row.available_on === null ? null : dateProblem('date of availability', row.available_on))

/** Whether a date can be kept. */
export const isKeepable = (date: string): boolean => date.length === 10 && date >= FIRST_DATE && date <= LAST_DATE

const amountProblem = (name: string, amount: bigint): string | null =>
  amount > LARGEST_AMOUNT || amount < -LARGEST_AMOUNT
    ? `the ${name} is ${amount} minor units, expected at most 10^15: no account holds more`
    : null

const idProblem = (name: string, id: string): string | null =>
  id.length <= LONGEST_ID.bytes / 3 || (id.length <= LONGEST_ID.characters && Buffer.byteLength(id) <= LONGEST_ID.bytes)
    ? null
    : `the ${name} has ${id.length} characters, expected at most ${LONGEST_ID.characters} (${LONGEST_ID.bytes} bytes)`

const dateProblem = (name: string, date: string): string | null =>
  isKeepable(date) ? null : `the ${name} is ${date}, expected one from ${FIRST_DATE} to ${LAST_DATE}`

const firstOf = (ids: readonly string[], problemOf: (id: string) => string | null): string | null => {
  for (const id of ids) {
    const problem = problemOf(id)
    if (problem !== null) return problem
  }
  return null
}
