/** The schema of a finding in the JSON report (spec section 9). */

import { z } from 'zod'
import { CODES, type Code } from '../../core/discrepancy.ts'
import {
  business_id,
  date,
  direction,
  instant,
  integer,
  integer_or_null,
  month,
  text,
  text_or_null,
} from './schema-values.ts'

const leg = z.strictObject({
  leg_id: text,
  refund_id: text,
  external_id: text_or_null,
  refund_external_id: text_or_null,
  processor: text,
  amount: integer,
  refund_fee: integer,
  returned_fee: integer,
  completed_at: z.union([instant, date]),
  references: z.array(text),
})

const row = z.strictObject({
  transaction_id: text,
  processor: text,
  account: text,
  refund_id: text_or_null,
  payment_id: z.array(text),
  type: text,
  amount: integer,
  refund_fee: integer,
  returned_fee: integer,
  currency: text,
  occurred_on: date,
  file: text,
  line: integer,
  references: z.array(text),
})

const effect = z.strictObject({
  month,
  processor: text,
  currency: text,
  amount: integer,
  refund_fee: integer,
  returned_fee: integer,
})

/** One of the four ids says what is related. */
const related = z.strictObject({
  kind: text,
  discrepancy_id: text.optional(),
  leg_id: text.optional(),
  transaction_id: text.optional(),
  refund_id: text.optional(),
  reason: text,
})

const decision = z.strictObject({ as: text_or_null, by: text, at: instant, note: text_or_null })
const comment = z.strictObject({ by: text, at: instant, note: text })

/** An entry of discrepancies[]. */
export const discrepancySchema = z.strictObject({
  id: text,
  code: z.enum(Object.keys(CODES) as [Code, ...Code[]]),
  class: z.enum(['error', 'timing', 'info']),
  status: z.enum(['open', 'acknowledged', 'resolved', 'cleared']),
  late: z.boolean(),
  business_id,
  direction,
  processor: text_or_null,
  currency: text,
  message: text,
  suggestion: text,
  age_days: integer_or_null,
  age_bucket: z.enum(['0-1', '2-7', '8-30', '31-60', '61-90', 'over 90']).nullable(),
  due_on: date.nullable(),
  material: z.boolean().nullable(),
  first_seen_at: instant,
  last_seen_at: instant,
  refund_id: text_or_null,
  legs: z.array(leg),
  rows: z.array(row),
  effects: z.array(effect),
  related: z.array(related).max(5),
  decision: decision.nullable(),
  owner: text_or_null,
  owner_due_on: date.nullable(),
  comments: z.array(comment),
})
