/** One refund of Layer's listing as the ledger keeps it, or why it is set aside. Layer's field names end here. */

import { dateInZone } from '../period.ts'
import {
  describeValue,
  isObject,
  type JsonObject,
  LONGEST_TEXT,
  type Reading,
  type ReadMoment,
  readCents,
  readFee,
  readId,
  readList,
  readMoment,
  readText,
  UNSTORABLE,
} from './layer-value.ts'

/** One element of payments[]. Amounts in minor units of the business's currency. */
export interface WireLeg {
  leg_id: string
  /** 0 for the first leg of this id in its refund, 1 for the second... */
  ordinal: number
  external_id: string | null
  /** trimmed, upper case; null where none is named */
  processor_named: string | null
  method: string | null
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
  /** UTC; null where only a date is known */
  completed_at: string | null
  /** in the business's time zone */
  completed_on: string
}

export interface WireRefund {
  refund_id: string
  external_id: string | null
  refunded_amount: bigint
  status: string | null
  completed_at: string | null
  completed_on: string | null
  reference_number: string | null
  /** trimmed, not empty, each once: of all allocations, then reference_number */
  reference_keys: string[]
  /** those of them that name a payment */
  payment_keys: string[]
  /** null: no allocations given */
  allocation_amounts: bigint[] | null
  /** beside allocation_amounts: the sum of its line items, null where it has none */
  allocation_line_sums: (bigint | null)[]
  /** null: no payments given */
  payments_sum: bigint | null
  legs: WireLeg[]
}

/** A refund set aside. `raw` holds no customer or vendor details. */
export interface WireQuarantine {
  reason: string
  raw: string
  refund_id: string | null
  dated_on: string | null
}

export type WireReading = { refund: WireRefund } | { quarantine: WireQuarantine }

/** Raised when a rule of this file changes what a refund becomes: the next pull then reads every refund anew. */
export const WIRE_RULES = 1

const PAYMENT_KEY_FIELDS = ['invoice_payment_external_id', 'bill_payment_external_id'] as const
const TARGET_KEY_FIELDS = ['invoice_external_id', 'bill_external_id'] as const

/**
 * Reads one refund, of an invoice or of a bill alike: `fee` and `refund_processing_fee` are one thing under two
 * names, and of the references of both kinds each refund has its own. `text` is the JSON that `value` was parsed from.
 */
export function readRefund(value: unknown, text: string, time_zone: string): WireReading {
  const reading: Reading = { list: '', index: 0, inner: '', inner_index: 0, escapes: text.includes('\\u'), wrong: null }
  if (!isObject(value)) {
    const reason = `the refund: found ${describeValue(value)}, expected an object`
    return { quarantine: { reason, raw: 'null', refund_id: null, dated_on: null } }
  }
  const moment = readMoment(reading, value, 'completed_at')
  const refund: WireRefund = {
    refund_id: readId(reading, value, true),
    external_id: readText(reading, value, 'external_id'),
    refunded_amount: readCents(reading, value, 'refunded_amount'),
    status: readText(reading, value, 'status'),
    completed_at: moment.instant,
    completed_on: dateOf(moment, time_zone),
    reference_number: readText(reading, value, 'reference_number'),
    reference_keys: [],
    payment_keys: [],
    allocation_amounts: null,
    allocation_line_sums: [],
    payments_sum: null,
    legs: [],
  }
  readAllocations(reading, value, refund)
  readPayments(reading, value, refund, moment, time_zone)
  if (reading.wrong === null) return { refund }
  return {
    quarantine: {
      reason: reading.wrong,
      raw: withoutParties(value),
      refund_id: isStorable(refund.refund_id) ? refund.refund_id : null,
      dated_on: refund.completed_on ?? refund.legs.find((leg) => leg.completed_on !== '')?.completed_on ?? null,
    },
  }
}

const dateOf = (moment: ReadMoment, time_zone: string): string | null =>
  moment.millis === null ? moment.date : dateInZone(moment.millis, time_zone)

const isStorable = (id: string): boolean => id.trim() !== '' && id.length <= LONGEST_TEXT && !UNSTORABLE.test(id)

function addKey(keys: string[], key: string | null): void {
  const trimmed = key?.trim() ?? ''
  if (trimmed !== '' && !keys.includes(trimmed)) keys.push(trimmed)
}

function readAllocations(reading: Reading, from: JsonObject, refund: WireRefund): void {
  const allocations = readList(reading, from, 'allocations')
  if (allocations !== null) {
    reading.list = 'allocations'
    refund.allocation_amounts = []
    for (const [index, allocation] of allocations.entries()) {
      reading.index = index
      readId(reading, allocation, false)
      refund.allocation_amounts.push(readCents(reading, allocation, 'amount'))
      refund.allocation_line_sums.push(lineSum(reading, allocation))
      for (const field of PAYMENT_KEY_FIELDS) {
        const key = readText(reading, allocation, field)
        addKey(refund.payment_keys, key)
        addKey(refund.reference_keys, key)
      }
      for (const field of TARGET_KEY_FIELDS) addKey(refund.reference_keys, readText(reading, allocation, field))
    }
    reading.list = ''
  }
  addKey(refund.reference_keys, refund.reference_number)
}

/** The sum of an allocation's line items, null where it has none. */
function lineSum(reading: Reading, allocation: JsonObject): bigint | null {
  const items = readList(reading, allocation, 'line_items')
  if (items === null || items.length === 0) return null
  let sum = 0n
  reading.inner = 'line_items'
  for (const [index, item] of items.entries()) {
    reading.inner_index = index
    readId(reading, item, false)
    sum += readCents(reading, item, 'amount')
  }
  reading.inner = ''
  return sum
}

function readPayments(reading: Reading, from: JsonObject, refund: WireRefund, moment: ReadMoment, zone: string): void {
  const payments = readList(reading, from, 'payments')
  if (payments === null) return
  reading.list = 'payments'
  let sum = 0n
  for (const [index, payment] of payments.entries()) {
    reading.index = index
    const leg = readLeg(reading, payment, refund, moment, zone)
    sum += leg.amount
    refund.legs.push(leg)
  }
  reading.list = ''
  refund.payments_sum = sum
}

function readLeg(reading: Reading, from: JsonObject, refund: WireRefund, of_refund: ReadMoment, zone: string): WireLeg {
  const leg_id = readId(reading, from, true)
  const own = readMoment(reading, from, 'completed_at')
  const moment = own.millis === null && own.date === null ? of_refund : own
  const completed_on = moment === of_refund ? refund.completed_on : dateOf(moment, zone)
  if (completed_on === null && reading.wrong === null) {
    reading.wrong = `payments[${reading.index}].completed_at: found nothing, and the refund has no date either; expected a date or time (ISO 8601)`
  }
  const fee = readFee(reading, from, 'fee')
  const processing_fee = readFee(reading, from, 'refund_processing_fee')
  let ordinal = 0
  for (const earlier of refund.legs) if (earlier.leg_id === leg_id) ordinal++
  return {
    leg_id,
    ordinal,
    external_id: readText(reading, from, 'external_id'),
    processor_named: named(readText(reading, from, 'processor')),
    method: named(readText(reading, from, 'method')),
    amount: readCents(reading, from, 'refunded_amount'),
    refund_fee: fee ?? processing_fee ?? 0n,
    returned_fee: returnedFee(reading, from),
    completed_at: moment.instant,
    completed_on: completed_on ?? '',
  }
}

const named = (text: string | null): string | null => text?.trim().toUpperCase() || null

function returnedFee(reading: Reading, payment: JsonObject): bigint {
  const fees = readList(reading, payment, 'refunded_payment_fees')
  if (fees === null || fees.length === 0) return 0n
  let sum = 0n
  reading.inner = 'refunded_payment_fees'
  for (const [index, fee] of fees.entries()) {
    reading.inner_index = index
    readId(reading, fee, false)
    sum += readFee(reading, fee, 'fee_amount') ?? 0n
  }
  reading.inner = ''
  return sum
}

/** The fields that a quarantined refund is shown with: what is read here, so no name, address, phone, memo or tag. */
const SHOWN = new Set([
  ...['id', 'external_id', 'refunded_amount', 'status', 'completed_at', 'reference_number', 'method', 'processor'],
  ...['allocations', 'amount', 'line_items', 'invoice_id', 'bill_id', ...PAYMENT_KEY_FIELDS, ...TARGET_KEY_FIELDS],
  ...['payments', 'fee', 'refund_processing_fee', 'refunded_payment_fees', 'fee_amount'],
])

const LONGEST_RAW = 20_000

/** The refund as JSON with only the fields that are read. */
function withoutParties(refund: JsonObject): string {
  const text = JSON.stringify(refund, (name, value: unknown) =>
    name === '' || /^\d+$/.test(name) || SHOWN.has(name) ? value : undefined,
  )
  return text.length > LONGEST_RAW ? `${text.slice(0, LONGEST_RAW)}…` : text
}
