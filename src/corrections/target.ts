/** What a missing refund refunds: from the ledger's own allocations, else from the processor's references. */

import { formatMoney } from '../core/money.ts'
import type { Candidate, NamedAllocation, ReportedPayment } from './sources.ts'
import type { Direction, Target } from './store.ts'

export interface ResolvedTarget {
  target: Target | null
  target_source: 'ledger' | 'references' | null
  /** why there is none, for a person */
  missing: string | null
  /** the payment's key, by which its amount may be known */
  payment_key: string | null
}

const PAYMENT_FIELDS = ['invoice_payment_external_id', 'bill_payment_external_id']

/** All keys under which the ledger may know what a row refunds. */
export const targetKeys = ({
  payment_ids,
  reference_ids,
}: Pick<Candidate, 'payment_ids' | 'reference_ids'>): string[] => [
  ...new Set([...payment_ids, ...reference_ids].map((key) => key.trim()).filter((key) => key !== '')),
]

/** The same payment first, then the same document; of several different targets none is taken. */
export const resolveTarget = (row: Candidate, allocations: readonly NamedAllocation[]): ResolvedTarget => {
  const own = allocations.filter(({ key, field }) =>
    (PAYMENT_FIELDS.includes(field) ? row.payment_ids : row.reference_ids).some((each) => each.trim() === key),
  )
  const of_payment = own.filter(({ field }) => PAYMENT_FIELDS.includes(field))
  for (const group of [of_payment, own.filter((each) => !of_payment.includes(each))]) {
    const found = new Map(group.flatMap((each) => ledgerTarget(row.direction, each)))
    const [only] = found.values()
    if (found.size > 1) {
      const named = [...found.values()].map(({ target }) => Object.values(target)[0]).join(', ')
      return nothing(`refunds in the ledger name ${found.size} different targets for it (${named}): say which it is`)
    }
    if (only) return { ...only, target_source: 'ledger', missing: null }
  }
  return row.direction === 'vendor' ? fromReferences(row) : nothing(needed(row))
}

const ledgerTarget = (
  direction: Direction,
  { key, written, field, invoice_id, bill_id, bill_payment_id }: NamedAllocation,
): [string, { target: Target; payment_key: string | null }][] => {
  if (direction === 'customer') return invoice_id ? [[invoice_id, { target: { invoice_id }, payment_key: null }]] : []
  if (field === 'bill_payment_external_id') {
    const target = bill_payment_id ? { bill_payment_id } : { bill_payment_external_id: written }
    return [[key, { target, payment_key: key }]]
  }
  return bill_id ? [[bill_id, { target: { bill_id }, payment_key: null }]] : []
}

const fromReferences = (row: Candidate): ResolvedTarget => {
  const [payment, ...other_payments] = row.payment_ids
  if (payment !== undefined && other_payments.length === 0) {
    const target = { bill_payment_external_id: payment }
    return { target, target_source: 'references', missing: null, payment_key: payment }
  }
  const [bill, ...other_bills] = row.reference_ids
  if (payment === undefined && bill !== undefined && other_bills.length === 0) {
    return { target: { bill_external_id: bill }, target_source: 'references', missing: null, payment_key: null }
  }
  return nothing(needed(row))
}

const nothing = (missing: string): ResolvedTarget => ({
  target: null,
  target_source: null,
  missing,
  payment_key: null,
})

const needed = (row: Candidate): string => {
  const keys = targetKeys(row)
  const known = keys.length === 0 ? 'the processor names no payment' : `nothing in the ledger names ${keys.join(', ')}`
  return row.direction === 'customer'
    ? `${known}: find the invoice in Layer and give its id with --invoice-id`
    : `${known}: find the bill in Layer and give it with --bill-id, --bill-line-item-id or --bill-payment-id`
}

/**
 * What Layer will compute for a refund of this payment: what was paid, less what its refunds in the ledger allocate.
 * Null where no report tells what was paid, or reports tell different amounts.
 */
export const leftOfPayment = (
  key: string,
  processor: string,
  payments: readonly ReportedPayment[],
  allocations: readonly NamedAllocation[],
): bigint | null => {
  const paid = payments.filter((each) => each.key === key && each.processor === processor)
  const [first] = paid
  if (first === undefined || paid.some(({ amount }) => amount !== first.amount)) return null
  const refunded = allocations
    .filter((each) => each.is_standing && each.field === 'bill_payment_external_id' && each.key === key)
    .reduce((sum, { amount }) => sum + amount, 0n)
  return refunded > first.amount ? 0n : first.amount - refunded
}

/** What of a correction decides how it comes out in Layer. */
interface Expected {
  direction: Direction
  amount: bigint
  returned_fee: bigint
  currency: string
  processor: string
  expected_amount: bigint | null
}

/** Whether it is known, not only possible, that it comes out otherwise than meant: a person has to say why it is made. */
export const isKnownToDiffer = ({ direction, amount, returned_fee, expected_amount }: Expected): boolean =>
  direction === 'vendor' && (returned_fee > 0n || (expected_amount !== null && expected_amount !== amount))

/** What comes out otherwise than meant, or may: said in the list, at approval and in a dry run. */
export const knownDifferences = (made: Expected): string[] => {
  if (made.direction === 'customer') return []
  const money = (minor: bigint): string => formatMoney(minor, made.currency)
  const said: string[] = []
  if (made.expected_amount === null) {
    said.push(
      `Layer computes a vendor refund's amount from its target, and it is not known here: it should be ${money(made.amount)}`,
    )
  } else if (made.expected_amount !== made.amount) {
    said.push(
      `Layer computes a vendor refund's amount from its target: of this one ${money(made.expected_amount)} are left, ` +
        `while ${made.processor} says ${money(made.amount)}. Enter it in Layer by hand, or choose a line item of that amount`,
    )
  }
  if (made.returned_fee > 0n) {
    said.push(`Layer's vendor refunds hold no returned fee: ${money(made.returned_fee)} of it will be missing`)
  }
  return said
}
