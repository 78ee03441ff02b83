/** What is kept of a quarantined refund: enough to correct it in Layer, and nothing of a person. */

import type { QuarantinedRefund } from '../store/ledger-refund.ts'
import { READ_FIELDS } from './persons.ts'
import { describeValue, isReadableId, type JsonObject } from './value.ts'

/** The id of a refund of which only the beginning is there, where that says it before anything else. */
const FIRST_ID = /^\{\s*"id"\s*:\s*("(?:[^"\\]|\\.)*")/

const firstId = (head: string): unknown => {
  try {
    return JSON.parse(FIRST_ID.exec(head)?.[1] ?? 'null')
  } catch {
    return null
  }
}

/** A refund too large to be read: `head` is its beginning, `bytes` what it had. */
export function readOversized(head: string, bytes: number): QuarantinedRefund {
  const refund_id = firstId(head)
  const reason = `the refund: found ${bytes} bytes of JSON, expected at most ${LARGEST_REFUND}`
  const isId = typeof refund_id === 'string' && isReadableId(refund_id)
  return {
    reason,
    raw: isId ? JSON.stringify({ id: refund_id }) : 'null',
    refund_id: isId ? refund_id : null,
    dated_on: null,
  }
}

/** Bytes of JSON that one refund may have. */
export const LARGEST_REFUND: number = 16 * 1024 * 1024

/** Fields that hold an amount or a date. */
const FIGURES = new Set(['refunded_amount', 'amount', 'fee', 'refund_processing_fee', 'fee_amount', 'completed_at'])

/** Two words, a mail address, or digits in groups as in a phone number: of these only the length is shown. */
const LOOKS_PERSONAL = /\p{L}{2,}[^\p{L}\d]+\p{L}{2,}|@|^\+?\(?\d+(?:[ ()-]+\d+){2,}$/u

const shownValue = (value: unknown): unknown =>
  typeof value === 'string' && LOOKS_PERSONAL.test(value) ? describeValue(value) : value

const LONGEST_RAW = 20_000

/** The refund as JSON with only the fields that are read. */
export function withoutParties(refund: JsonObject): string {
  const text = JSON.stringify(refund, (name, value: unknown) =>
    name === '' || /^\d+$/.test(name) || READ_FIELDS.has(name)
      ? FIGURES.has(name)
        ? shownValue(value)
        : value
      : undefined,
  )
  return text.length > LONGEST_RAW ? `${text.slice(0, LONGEST_RAW)}…` : text
}
