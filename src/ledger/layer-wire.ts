/** One refund of Layer's listing as the ledger keeps it, or why it is set aside. Layer's field names end here. */

import type { LedgerLeg, LedgerRefund, QuarantinedRefund } from '../intake/ledger-refund.ts'
import { dateInZone } from '../period.ts'
import {
  describeValue,
  isObject,
  type JsonObject,
  LONGEST_TEXT,
  note,
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

export type WireReading = { refund: LedgerRefund } | { quarantine: QuarantinedRefund }

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
  const completed_on = dateOf(moment, time_zone)
  const external_id = readText(reading, value, 'external_id')
  const reference_number = readText(reading, value, 'reference_number')
  const refund: LedgerRefund = {
    refund_id: readId(reading, value, true),
    external_id,
    refunded_amount: readCents(reading, value, 'refunded_amount'),
    status: readText(reading, value, 'status'),
    completed_at: moment.instant,
    completed_on,
    reference_number,
    ...readAllocations(reading, value, reference_number),
    ...readPayments(reading, value, { external_id, moment, completed_on, time_zone }),
  }
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

type Allocated = Pick<LedgerRefund, 'reference_keys' | 'payment_keys' | 'allocation_amounts' | 'allocation_line_sums'>

function readAllocations(reading: Reading, from: JsonObject, reference_number: string | null): Allocated {
  const reference_keys: string[] = []
  const payment_keys: string[] = []
  const allocation_amounts: bigint[] = []
  const allocation_line_sums: (bigint | null)[] = []
  const allocations = readList(reading, from, 'allocations')
  reading.list = 'allocations'
  for (const [index, allocation] of (allocations ?? []).entries()) {
    reading.index = index
    readId(reading, allocation, false)
    allocation_amounts.push(readCents(reading, allocation, 'amount'))
    allocation_line_sums.push(lineSum(reading, allocation))
    for (const field of PAYMENT_KEY_FIELDS) {
      const key = readText(reading, allocation, field)
      addKey(payment_keys, key)
      addKey(reference_keys, key)
    }
    for (const field of TARGET_KEY_FIELDS) addKey(reference_keys, readText(reading, allocation, field))
  }
  reading.list = ''
  addKey(reference_keys, reference_number)
  return {
    reference_keys,
    payment_keys,
    allocation_amounts: allocations === null ? null : allocation_amounts,
    allocation_line_sums,
  }
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

/** What a leg takes from its refund. */
interface OfRefund {
  external_id: string | null
  moment: ReadMoment
  completed_on: string | null
  time_zone: string
}

function readPayments(
  reading: Reading,
  from: JsonObject,
  of_refund: OfRefund,
): Pick<LedgerRefund, 'payments_sum' | 'legs'> {
  const payments = readList(reading, from, 'payments')
  if (payments === null) return { payments_sum: null, legs: [] }
  const legs: LedgerLeg[] = []
  let sum = 0n
  reading.list = 'payments'
  for (const [index, payment] of payments.entries()) {
    reading.index = index
    const leg = readLeg(reading, payment, of_refund, legs, payments.length === 1)
    sum += leg.amount
    legs.push(leg)
  }
  reading.list = ''
  return { payments_sum: sum, legs }
}

function readLeg(
  reading: Reading,
  from: JsonObject,
  of_refund: OfRefund,
  earlier: readonly LedgerLeg[],
  only: boolean,
): LedgerLeg {
  const leg_id = readId(reading, from, true)
  const own = readMoment(reading, from, 'completed_at')
  const dated = own.millis !== null || own.date !== null
  const moment = dated ? own : of_refund.moment
  const completed_on = dated ? dateOf(own, of_refund.time_zone) : of_refund.completed_on
  if (completed_on === null) {
    note(reading, 'completed_at', from['completed_at'], 'a date or time (ISO 8601), the refund having none either')
  }
  const fee = readFee(reading, from, 'fee')
  const processing_fee = readFee(reading, from, 'refund_processing_fee')
  const external_id = readText(reading, from, 'external_id')
  const identity_keys: string[] = []
  addKey(identity_keys, external_id)
  if (only) addKey(identity_keys, of_refund.external_id)
  return {
    leg_id,
    ordinal: earlier.reduce((ordinal, leg) => (leg.leg_id === leg_id ? ordinal + 1 : ordinal), 0),
    external_id,
    processor_named: named(readText(reading, from, 'processor')),
    method: named(readText(reading, from, 'method')),
    amount: readCents(reading, from, 'refunded_amount'),
    refund_fee: fee ?? processing_fee ?? 0n,
    returned_fee: returnedFee(reading, from),
    completed_at: moment.instant,
    completed_on: completed_on ?? '',
    identity_keys,
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
