/** One refund of Layer's listing as the ledger keeps it, or why it is quarantined. Layer's field names end here. */

import type { BusinessConfig } from '../../config/config.ts'
import { heldKey } from '../../core/keys.ts'
import { dateInZone } from '../../core/period.ts'
import type { LedgerLeg, LedgerRefund, QuarantinedRefund } from '../store/ledger-refund.ts'
import { withoutParties } from './quarantined.ts'
import {
  checkSum,
  describeValue,
  isObject,
  isReadableId,
  type JsonObject,
  note,
  openReading,
  type Reading,
  type ReadMoment,
  readCents,
  readFee,
  readId,
  readList,
  readMoment,
  readText,
} from './value.ts'

export type WireReading = { refund: LedgerRefund } | { quarantine: QuarantinedRefund }

const PAYMENT_KEY_FIELDS = ['invoice_payment_external_id', 'bill_payment_external_id'] as const
const TARGET_KEY_FIELDS = ['invoice_external_id', 'bill_external_id'] as const

/** By what an instant of the ledger gets its date. */
export type Dating = Pick<BusinessConfig, 'time_zone' | 'ledger_dates'>

/**
 * Reads one refund, of an invoice or of a bill alike: `fee` and `refund_processing_fee` are one thing under two
 * names, and of the references of both kinds each refund has its own. `text` is the JSON that `value` was parsed from.
 */
export function readRefund(value: unknown, text: string, dating: Dating): WireReading {
  const reading = openReading(text.includes('\\u'))
  if (!isObject(value)) {
    const reason = `the refund: found ${describeValue(value)}, expected an object`
    return { quarantine: { reason, raw: 'null', refund_id: null, dated_on: null } }
  }
  const moment = readMoment(reading, value, 'completed_at')
  const completed_on = dateOf(moment, dating)
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
    ...readPayments(reading, value, { external_id, moment, completed_on, dating }),
  }
  const keys_of_legs = refund.legs.length * refund.reference_keys.length
  if (keys_of_legs > MOST_KEYS) {
    reading.wrong ??=
      `payments: found ${refund.legs.length}, each with the ${refund.reference_keys.length} references of the allocations, ` +
      `expected at most ${MOST_KEYS} together`
  }
  if (reading.wrong === null) return { refund }
  return {
    quarantine: {
      reason: reading.wrong,
      raw: withoutParties(value),
      refund_id: isReadableId(refund.refund_id) ? refund.refund_id : null,
      dated_on: earliestDate(value, completed_on, dating),
    },
  }
}

/** References of a refund times its payments: each payment is held, and looked up, with all of them. */
const MOST_KEYS = 1_000_000

const MIDNIGHT_UTC = 'T00:00:00Z'

/** The date of a moment; under ledger_dates 'date' an instant of exactly midnight UTC is that date. */
const dateOf = ({ instant, millis, date }: ReadMoment, { time_zone, ledger_dates }: Dating): string | null => {
  if (instant === null || millis === null) return date
  if (ledger_dates === 'date' && instant.endsWith(MIDNIGHT_UTC)) return instant.slice(0, -MIDNIGHT_UTC.length)
  return dateInZone(millis, time_zone)
}

/** Of a refund that cannot be read: the earliest date of its payments that can, else its own. */
function earliestDate(refund: JsonObject, own: string | null, dating: Dating): string | null {
  const payments = Array.isArray(refund['payments']) ? refund['payments'].filter(isObject) : []
  const dates = payments.flatMap((payment) => {
    const reading = openReading(false)
    const moment = readMoment(reading, payment, 'completed_at')
    return reading.wrong === null ? (dateOf(moment, dating) ?? own ?? []) : []
  })
  return dates.sort()[0] ?? own
}

/** Keys as they are held, each once, with how it was first written. */
type Keys = Map<string, string>

function addKey(keys: Keys, text: string | null): void {
  const trimmed = text?.trim() ?? ''
  const key = heldKey(trimmed)
  if (key !== '' && !keys.has(key)) keys.set(key, trimmed)
}

type Allocated = Pick<
  LedgerRefund,
  | 'reference_keys'
  | 'payment_keys'
  | 'keys_written'
  | 'allocation_amounts'
  | 'allocation_line_sums'
  | 'allocations_sum'
  | 'line_items_differ'
>

function readAllocations(reading: Reading, from: JsonObject, reference_number: string | null): Allocated {
  const keys: Keys = new Map()
  const payment_keys: Keys = new Map()
  const amounts: bigint[] = []
  const line_sums: (bigint | null)[] = []
  const allocations = readList(reading, from, 'allocations')
  let sum = 0n
  reading.list = 'allocations'
  for (const [index, allocation] of (allocations ?? []).entries()) {
    reading.index = index
    readId(reading, allocation, false)
    const amount = readCents(reading, allocation, 'amount')
    sum += amount
    amounts.push(amount)
    line_sums.push(lineSum(reading, allocation))
    for (const field of PAYMENT_KEY_FIELDS) {
      const key = readText(reading, allocation, field)
      addKey(payment_keys, key)
      addKey(keys, key)
    }
    for (const field of TARGET_KEY_FIELDS) addKey(keys, readText(reading, allocation, field))
  }
  reading.list = ''
  checkSum(reading, 'allocations', sum)
  addKey(keys, reference_number)
  return {
    reference_keys: [...keys.keys()],
    payment_keys: [...payment_keys.keys()],
    keys_written: [...keys].some(([held, written]) => written !== held) ? [...keys.values()] : null,
    allocation_amounts: allocations === null ? null : amounts,
    allocation_line_sums: line_sums,
    allocations_sum: allocations === null ? null : sum,
    line_items_differ: line_sums.some((of_lines, index) => of_lines !== null && of_lines !== amounts[index]),
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
  checkSum(reading, 'line_items', sum)
  return sum
}

/** What a leg takes from its refund. */
interface OfRefund {
  external_id: string | null
  moment: ReadMoment
  completed_on: string | null
  dating: Dating
}

function readPayments(
  reading: Reading,
  from: JsonObject,
  of_refund: OfRefund,
): Pick<LedgerRefund, 'payments_sum' | 'legs'> {
  const payments = readList(reading, from, 'payments')
  if (payments === null) return { payments_sum: null, legs: [] }
  const legs: LedgerLeg[] = []
  const ordinals = new Map<string, number>()
  const sums = { amount: 0n, refund_fee: 0n, returned_fee: 0n }
  reading.list = 'payments'
  for (const [index, payment] of payments.entries()) {
    reading.index = index
    const leg = readLeg(reading, payment, of_refund, ordinals)
    for (const measure of MEASURES) sums[measure] += leg[measure]
    legs.push(leg)
  }
  reading.list = ''
  checkSum(reading, 'payments', sums.amount)
  checkSum(reading, "payments' fees", sums.refund_fee)
  checkSum(reading, "payments' returned fees", sums.returned_fee)
  return { payments_sum: sums.amount, legs: identified(legs, of_refund.external_id) }
}

const MEASURES = ['amount', 'refund_fee', 'returned_fee'] as const

const isEmpty = (leg: LedgerLeg): boolean => MEASURES.every((measure) => leg[measure] === 0n)

/** The legs with their identity keys: the refund's own id is one where exactly one leg is not empty. */
function identified(legs: readonly LedgerLeg[], refund_external_id: string | null): LedgerLeg[] {
  const is_only = legs.filter((leg) => !isEmpty(leg)).length === 1
  return legs.map((leg) => {
    const keys: Keys = new Map()
    addKey(keys, leg.external_id)
    if (is_only && !isEmpty(leg)) addKey(keys, refund_external_id)
    return { ...leg, identity_keys: [...keys.keys()] }
  })
}

/** A leg, as yet without identity keys. */
function readLeg(reading: Reading, from: JsonObject, of_refund: OfRefund, ordinals: Map<string, number>): LedgerLeg {
  const leg_id = readId(reading, from, true)
  const ordinal = ordinals.get(leg_id) ?? 0
  ordinals.set(leg_id, ordinal + 1)
  const own = readMoment(reading, from, 'completed_at')
  const is_dated = own.millis !== null || own.date !== null
  const moment = is_dated ? own : of_refund.moment
  const completed_on = is_dated ? dateOf(own, of_refund.dating) : of_refund.completed_on
  if (completed_on === null) {
    note(reading, 'completed_at', from['completed_at'], 'a date or time (ISO 8601), the refund having none either')
  }
  const fee = readFee(reading, from, 'fee')
  const processing_fee = readFee(reading, from, 'refund_processing_fee')
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
    identity_keys: [],
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
