/** A finding as the JSON report has it. */

import type { Decision, DiscrepancyLine, EffectLine, LegLine, RowLine } from '../lines.ts'
import type { Hint } from '../related/hint.ts'
import type { Json } from './json-text.ts'

const leg = (line: LegLine): Json => ({
  leg_id: line.leg_id,
  refund_id: line.refund_id,
  external_id: line.external_id,
  refund_external_id: line.refund_external_id,
  processor: line.processor,
  amount: line.amount,
  refund_fee: line.refund_fee,
  returned_fee: line.returned_fee,
  completed_at: line.completed_at,
  references: line.references,
})

const row = (line: RowLine): Json => ({
  transaction_id: line.transaction_id,
  processor: line.processor,
  account: line.account,
  refund_id: line.refund_id,
  payment_id: line.payment_id,
  type: line.type,
  amount: line.amount,
  refund_fee: line.refund_fee,
  returned_fee: line.returned_fee,
  currency: line.currency,
  occurred_on: line.occurred_on,
  file: line.file,
  line: line.line,
  references: line.references,
})

const effect = (line: EffectLine): Json => ({
  month: line.month,
  processor: line.processor,
  currency: line.currency,
  amount: line.amount,
  refund_fee: line.refund_fee,
  returned_fee: line.returned_fee,
})

const related = ({ kind, target, reason }: Hint): Json => ({ kind, ...target, reason })

const decision = ({ as, by, at, note }: Decision): Json => ({ as, by, at, note })

/** One entry of discrepancies[]. A cleared one is in no report, but has the same form. */
export const discrepancyJson = (line: Omit<DiscrepancyLine, 'status'> & { status: string }): Json => ({
  id: line.id,
  code: line.code,
  class: line.class,
  status: line.status,
  late: line.late,
  business_id: line.business_id,
  direction: line.direction,
  processor: line.processor,
  currency: line.currency,
  message: line.message,
  suggestion: line.suggestion,
  age_days: line.age_days,
  age_bucket: line.age_bucket,
  due_on: line.due_on,
  material: line.material,
  first_seen_at: line.first_seen_at,
  last_seen_at: line.last_seen_at,
  refund_id: line.refund_id,
  legs: line.legs.map(leg),
  rows: line.rows.map(row),
  effects: line.effects.map(effect),
  related: line.related.map(related),
  decision: line.decision && decision(line.decision),
  owner: line.owner,
  owner_due_on: line.owner_due_on,
  comments: line.comments.map(({ by, at, note }) => ({ by, at, note })),
})
