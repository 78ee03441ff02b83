/** Refunds numbered 1, 2, 3 ..., the same for ever, as Stripe's report and Layer's listing show them. */

import { once } from 'node:events'
import { createWriteStream } from 'node:fs'

/** Refunds number `first` to `first + count - 1`, one after the other over the days from `from`. */
export interface Span {
  first: number
  count: number
  /** 'YYYY-MM-DD' */
  from: string
  days: number
}

/** A year's refunds up to the day before the run. */
export const yearOf = (count: number, first = 1): Span => ({ first, count, from: '2025-12-01', days: 363 })

/** Of every 200 one is missing in the ledger and one at the processor: 1 % findings. */
export const isAtProcessor = (number: number): boolean => number % 200 !== 2
export const isInLedger = (number: number): boolean => number % 200 !== 1

/** How many of a span stand on a side. */
export function countOn({ first, count }: Span, side: (number: number) => boolean): number {
  let there = 0
  for (let number = first; number < first + count; number += 1) if (side(number)) there += 1
  return there
}

/** A number that looks like chance, from 0 to 2^32 - 1 (the finalizer of MurmurHash3, over number and salt). */
function mixed(number: number, salt: number): number {
  let hash = Math.imul(number ^ Math.imul(salt, 0x9e3779b1), 0x85ebca6b) ^ Math.floor(number / 2 ** 32)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

function base62(value: number, length: number): string {
  let text = ''
  for (let rest = value, place = 0; place < length; place += 1, rest = Math.floor(rest / 62))
    text = (DIGITS[rest % 62] ?? '') + text
  return text
}

/**
 * The part of a Stripe id after its prefix, as they look: a version, five digits of time, ten of the account, eight of
 * chance. Ids of one day lie near one another, without an order among them.
 */
const stripeId = (version: string, second: number, number: number, salt: number): string =>
  `${version}${base62(second, 5)}LkdIwHu7ix${base62(mixed(number, salt), 5)}${base62(mixed(number, salt + 1) % 62 ** 3, 3)}`

const hex = (number: number, salt: number): string => mixed(number, salt).toString(16).padStart(8, '0')

function uuid(number: number, salt: number): string {
  const text = hex(number, salt) + hex(number, salt + 1) + hex(number, salt + 2) + hex(number, salt + 3)
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-a${text.slice(17, 20)}-${text.slice(20)}`
}

/** What both sides say of one refund. Amounts in cents. */
export interface Refund {
  number: number
  amount: number
  /** ISO 8601, UTC, without fraction */
  at: string
  transaction_id: string
  refund_id: string
  charge_id: string
  intent_id: string
  order: string
  ledger_id: string
  leg_id: string
}

export function refundOf(number: number, { first, count, from, days }: Span): Refund {
  const second = Math.floor(Date.parse(from) / 1000) + Math.floor(((number - first) / count) * days * 86_400)
  // a customer comes back within two months
  const paid = second - 3600 - (mixed(number, 1) % (60 * 86_400))
  return {
    number,
    amount: 500 + (mixed(number, 2) % 90_000),
    at: new Date(second * 1000).toISOString().replace('.000', ''),
    transaction_id: `txn_${stripeId('1', second, number, 3)}`,
    refund_id: `re_${stripeId('3', paid, number, 5)}`,
    charge_id: `ch_${stripeId('3', paid, number, 7)}`,
    intent_id: `pi_${stripeId('3', paid, number, 9)}`,
    order: `order-${10_000_000 + number}`,
    ledger_id: uuid(number, 11),
    leg_id: uuid(number, 15),
  }
}

export const STRIPE_COLUMNS =
  'balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,source_id,description,customer_facing_amount,customer_facing_currency,charge_id,payment_intent_id,payment_metadata[order_id]'

const major = (cents: number): string => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`

/** A line of an itemized report of Stripe's, about 240 bytes. */
export function stripeLine(refund: Refund): string {
  const at = refund.at.slice(0, 19).replace('T', ' ')
  const gross = `-${major(refund.amount)}`
  return `${refund.transaction_id},${at},${at},usd,${gross},0.00,${gross},refund,${refund.refund_id},"REFUND (CHARGE), as agreed",${gross},usd,${refund.charge_id},${refund.intent_id},${refund.order}\n`
}

const ACCOUNT = { type: 'AccountId', id: '00000000-0000-4000-8000-000000000002' }

/** A refund of Layer's listing with the fields that its pages show, about 1.3 KB. */
export function layerRefund(refund: Refund): object {
  const { number, amount, at } = refund
  return {
    id: refund.ledger_id,
    external_id: null,
    refunded_amount: amount,
    status: 'PAID',
    completed_at: at,
    is_dedicated: true,
    allocations: [
      {
        id: uuid(number, 19),
        invoice_id: uuid(number, 23),
        amount,
        account_identifier: ACCOUNT,
        invoice_external_id: refund.order,
        invoice_line_item_id: null,
        invoice_line_item_external_id: null,
        invoice_payment_id: uuid(number, 27),
        invoice_payment_external_id: refund.charge_id,
        customer: {
          id: uuid(number, 31),
          external_id: `customer-${mixed(number, 35) % 100_000}`,
          individual_name: 'Ada Brook',
          company_name: null,
          email: 'ada.brook@example.com',
          mobile_phone: null,
          office_phone: null,
          address_string: '1 Harbor Street, Portland, ME 04101, US',
          notes: null,
          status: 'ACTIVE',
          transaction_tags: [],
        },
        transaction_tags: [],
      },
    ],
    payments: [
      {
        id: refund.leg_id,
        external_id: refund.refund_id,
        refunded_amount: amount,
        fee: 0,
        completed_at: at,
        method: 'CREDIT_CARD',
        processor: 'STRIPE',
        refunded_payment_fees: [],
        transaction_tags: [],
      },
    ],
    transaction_tags: [],
    memo: null,
    metadata: {},
    reference_number: null,
  }
}

/** Writes a text per refund of a span that stands on a side; gives how many. */
async function writeTexts(
  path: string,
  head: string,
  span: Span,
  side: (number: number) => boolean,
  textOf: (refund: Refund) => string,
): Promise<number> {
  const out = createWriteStream(path)
  let text = head
  let written = 0
  for (let number = span.first; number < span.first + span.count; number += 1) {
    if (!side(number)) continue
    text += textOf(refundOf(number, span))
    written += 1
    if (text.length < 65_536) continue
    if (!out.write(text)) await once(out, 'drain')
    text = ''
  }
  out.end(text)
  await once(out, 'finish')
  return written
}

/** Writes a report of Stripe's; gives its number of lines. */
export const writeStripe = (path: string, span: Span, side: (number: number) => boolean): Promise<number> =>
  writeTexts(path, `${STRIPE_COLUMNS}\n`, span, side, stripeLine)

/** Writes Layer's listing, a refund a line; gives their number. */
export const writeListing = (path: string, span: Span, side: (number: number) => boolean): Promise<number> =>
  writeTexts(path, '', span, side, (refund) => `${JSON.stringify(layerRefund(refund))}\n`)
