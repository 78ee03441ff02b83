/** Legs and rows as `explain` shows them: what they are, where they stand, and how they are named in a sentence. */

import { formatMoney } from '../../core/money.ts'
import type { Direction, Leg, Pass } from '../../matching/types.ts'
import type { LoadedRow } from '../../reconciliation/working-set.ts'
import type { FindingHead } from '../../report/discrepancies.ts'

/** Where an item stands, as the last run left it. */
interface Standing {
  /** why it takes part in nothing; null: it counts */
  left_out: string | null
  match_no: bigint | null
  pass: Pass | null
  state: 'unmatched' | 'duplicate' | 'ambiguous' | null
  island_no: bigint | null
  /** it came after the last run */
  is_new: boolean
  /** it changed after the last run */
  is_changed: boolean
}

export interface LegDetail extends Standing {
  leg_no: bigint
  direction: Direction
  refund_id: string
  leg_id: string
  external_id: string | null
  refund_external_id: string | null
  processor: string
  method: string | null
  currency: string
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
  completed_at: string | null
  on_date: string
  identity_keys: string[]
  reference_keys: string[]
  payment_keys: string[]
  /** of its refund, as written */
  status: string | null
  pulled_at: string | null
}

export interface RowDetail extends Standing {
  row_no: bigint
  direction: Direction
  processor: string
  account: string
  transaction_id: string
  type: string
  refund_id: string | null
  payment_ids: string[]
  reference_ids: string[]
  currency: string
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
  occurred_at: string | null
  on_date: string
  payout_id: string | null
  file: string | null
  line: bigint
  /** of a reversal: the transaction_id of the row that it takes back */
  reverses: string | null
}

/** 'leg pay_1' */
export const legName = ({ leg_id }: Pick<LegDetail, 'leg_id'>): string => `leg ${leg_id}`

/** 'row txn_1' */
export const rowName = ({ transaction_id }: Pick<RowDetail, 'transaction_id'>): string => `row ${transaction_id}`

/** Enough to name just this leg to `tieout explain`. */
export const legHandle = ({ refund_id, leg_id }: LegDetail): string => `${refund_id}/${leg_id}`

/** Enough to name just this row to `tieout explain`. */
export const rowHandle = ({ processor, account, transaction_id }: RowDetail): string =>
  [processor, ...(account === '' ? [] : [account]), transaction_id].join('/')

/** How many are named in one sentence. */
const NAMED = 4

/** 'leg a', 'leg a and row b', 'leg a, leg b, leg c and 7 more' */
export const named = (names: readonly string[]): string => {
  const shown = names.length > NAMED ? [...names.slice(0, NAMED - 1), `${names.length - NAMED + 1} more`] : names
  const last = shown.at(-1) ?? 'nothing'
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`
}

type NamedLeg = Pick<LegDetail, 'leg_id'>
type NamedRow = Pick<RowDetail, 'transaction_id'>

/** 'leg a, row b and row c' */
export const namesOf = (legs: readonly NamedLeg[], rows: readonly NamedRow[]): string =>
  named([...legs.map(legName), ...rows.map(rowName)])

/** 'leg pay_1: 45.00 USD on 2026-11-02, STRIPE' */
export const legLine = (leg: LegDetail): string =>
  `${legName(leg)}: ${formatMoney(leg.amount, leg.currency)} on ${leg.on_date}, ${leg.processor}, payment of refund ${leg.refund_id}`

/** 'row txn_1: 45.00 USD on 2026-11-02, STRIPE, stripe.csv line 3' */
export const rowLine = (row: RowDetail): string => {
  const place = row.file === null ? '' : `, ${row.file} line ${row.line}`
  const type = row.type === 'refund' ? '' : `${row.type.replaceAll('_', ' ')} of `
  return `${rowName(row)}: ${type}${formatMoney(row.amount, row.currency)} on ${row.on_date}, ${placeOf(row)}${place}`
}

/** 'STRIPE', 'STRIPE account eu' */
const placeOf = ({ processor, account }: RowDetail): string =>
  account === '' ? processor : `${processor} account ${account}`

const LEFT_OUT: Readonly<Record<string, string>> = {
  removed: 'its refund is no longer in the ledger, so it counts nowhere',
  replaced: 'its refund no longer has this payment, so it counts nowhere',
  empty: 'its amount and fees are all 0, so it is never matched',
  outside: 'it went through no processor (see outside in the configuration), so it is never matched',
  withdrawn: 'its file was withdrawn, so it counts nowhere',
  other_type: 'lines of its type are never matched',
}

/** Why an item takes part in no pass, as one clause; null where it does. */
export const whyLeftOut = ({ left_out }: Pick<Standing, 'left_out'>): string | null =>
  left_out === null ? null : (LEFT_OUT[left_out] ?? left_out)

/** What is asked about: legs and rows that take part in matching. */
export interface Focus {
  legs: readonly Leg[]
  rows: readonly LoadedRow[]
}

/** A stored finding with the numbers of its legs and rows. */
export interface FindingRow extends FindingHead {
  leg_nos: bigint[]
  row_nos: bigint[]
}
