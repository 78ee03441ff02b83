/** Parts of sentences about refunds: amounts, dates, ids, and where each thing came from. */

import { formatMoney } from '../../core/money.ts'
import { daysBetween } from '../../core/period.ts'
import { counted, dayText } from '../../core/words.ts'
import type { Direction, DiscrepancyLine, LegLine, RowLine } from '../lines.ts'

/** How a processor writes its own name; any other is called what the configuration calls it. */
export const PROPER_NAMES: Readonly<Record<string, string>> = {
  ADYEN: 'Adyen',
  AFFIRM: 'Affirm',
  AFTERPAY: 'Afterpay',
  AMAZON: 'Amazon',
  AMAZON_PAY: 'Amazon Pay',
  AMAZONPAY: 'Amazon Pay',
  AUTHORIZE_NET: 'Authorize.Net',
  BRAINTREE: 'Braintree',
  CHECKOUT: 'Checkout.com',
  DLOCAL: 'dLocal',
  EBAY: 'eBay',
  ETSY: 'Etsy',
  KLARNA: 'Klarna',
  MOLLIE: 'Mollie',
  PAYPAL: 'PayPal',
  SHOPIFY: 'Shopify',
  SQUARE: 'Square',
  STRIPE: 'Stripe',
  TOAST: 'Toast',
  WOOPAYMENTS: 'WooPayments',
  UNASSIGNED: 'unnamed processor',
}

/** A processor as people write it: 'STRIPE' is 'Stripe'. */
export const processorName = (processor: string | null): string =>
  processor === null ? 'no processor' : (PROPER_NAMES[processor] ?? processor)

/** 'customer refund' or 'vendor refund'. */
export const refundWord = (direction: Direction): string => `${direction} refund`

/** How many are named one by one; the report's other columns list them all. */
const NAMED = 3

/** 'a', 'a and b', 'a, b and c', 'a, b, c and 4 more'. */
export const listed = (parts: readonly string[]): string => {
  const named = parts.length > NAMED + 1 ? [...parts.slice(0, NAMED), `${parts.length - NAMED} more`] : parts
  const last = named.at(-1) ?? ''
  return named.length < 2 ? last : `${named.slice(0, -1).join(', ')} and ${last}`
}

/** Longer than an order number that people use. */
const MACHINE_ID = 12

/** ' for order-1001': by what people know a refund; ids of payments and refunds are fields beside the sentence */
const knownAs = (references: readonly string[]): string => {
  const named = references.find(({ length }) => length <= MACHINE_ID) ?? references[0]
  return named === undefined ? '' : ` for ${named}`
}

/** '45.00 USD on 2026-10-14 for order-1001' */
export const rowPhrase = (row: RowLine): string =>
  `${formatMoney(row.amount, row.currency)} on ${row.occurred_on}${knownAs(row.references)}`

/** '45.00 USD on 2026-10-14 for order-1001' */
export const legPhrase = (leg: LegLine, currency: string): string => {
  const references = leg.references.filter((key) => !leg.payment_keys.includes(key))
  return `${formatMoney(leg.amount, currency)} on ${leg.completed_on}${knownAs(references)}`
}

/** '5.00 USD too much' where the ledger has more, '5.00 USD too little' where it has less. */
export const surplus = (difference: bigint, currency: string): string =>
  difference < 0n ? `${formatMoney(-difference, currency)} too little` : `${formatMoney(difference, currency)} too much`

export { counted }

/** 'due 7 Nov', from the day after it on 'overdue 3 days'. `today` is the date of as_of. */
export const dueText = (due_on: string, today: string): string =>
  due_on < today ? `overdue ${counted(daysBetween(due_on, today), 'day')}` : `due ${dayText(due_on, today)}`

/** The sum of some amounts, exact. */
export const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n)

/** 'October 2026' of '2026-10' */
export const monthName = (month: string): string => {
  const names = 'January February March April May June July August September October November December'.split(' ')
  return `${names[Number(month.slice(5)) - 1] ?? month} ${month.slice(0, 4)}`
}

/** '2026-10', '2026-01 to 2026-10' or 'all months'. */
export const periodName = ({ from, to }: { from: string | null; to: string | null }): string => {
  if (from === null && to === null) return 'all months'
  if (from === to) return from ?? ''
  return `${from ?? 'first'} to ${to ?? 'last'}`
}

/** 'waived by Ada on 2026-11-20: one cent', with what was not corrected after all; null where nobody settled it. */
export const decisionText = ({
  decision,
  last_seen_at,
}: Pick<DiscrepancyLine, 'decision' | 'last_seen_at'>): string | null => {
  if (decision === null) return null
  const note = decision.note === null ? '' : `: ${decision.note}`
  const still =
    decision.as === 'corrected' && Date.parse(last_seen_at) > Date.parse(decision.at)
      ? ` (not corrected yet: still found on ${last_seen_at.slice(0, 10)})`
      : ''
  return `${decision.as ?? 'resolved'} by ${decision.by} on ${decision.at.slice(0, 10)}${note}${still}`
}

/** 'Ben, due 2026-12-01'; null where nobody has it. */
export const ownerText = ({
  owner,
  owner_due_on,
}: {
  owner: string | null
  owner_due_on: string | null
}): string | null => (owner === null || owner_due_on === null ? owner : `${owner}, due ${owner_due_on}`)
