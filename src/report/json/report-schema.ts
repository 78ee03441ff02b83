/** The schema of the JSON report, `tieout.report/2` (spec section 9). Nothing is optional and nothing is added. */

import { z } from 'zod'
import { discrepancySchema } from './finding-schema.ts'
import {
  business_id,
  date,
  direction,
  instant,
  integer,
  integer_or_null,
  measure,
  month,
  text,
  text_or_null,
} from './schema-values.ts'

const reason = z.strictObject({ code: text, text })
const signature = z.strictObject({
  prepared_by: text,
  reviewed_by: text_or_null,
  closed_at: instant,
  sha256: text,
})

const verdict = z.strictObject({
  business_id,
  month,
  verdict: z.enum(['incomplete', 'discrepant', 'waiting', 'reconciled']),
  reasons: z.array(reason),
  signed: signature.nullable(),
})

const tie_out_line = z.strictObject({
  business_id,
  direction,
  processor: text,
  currency: text,
  month,
  measure,
  ledger: integer,
  processor_total: integer,
  difference: integer,
  explained: integer,
  unexplained: integer,
  gross: integer,
  tied: z.enum(['per_refund', 'month', 'none']).nullable(),
})

const measures = z.strictObject({ amount: integer, refund_fee: integer, returned_fee: integer, count: integer })
const roll_forward_line = z.strictObject({
  business_id,
  direction,
  processor: text,
  currency: text,
  month,
  opening: measures,
  new: measures,
  cleared: measures,
  resolved: measures,
  changed: measures,
  closing: measures,
})

const cause = z.strictObject({
  business_id,
  code: text,
  processor: text_or_null,
  count: integer,
  amount: integer,
  text,
  discrepancy_ids: z.array(text),
})

const match = z.strictObject({
  business_id,
  direction,
  processor: text,
  pass: text,
  legs: integer,
  rows: integer,
  amount: integer,
  count: integer,
})

const outside = z.strictObject({
  business_id,
  direction,
  method: text,
  processor: text_or_null,
  currency: text,
  month,
  legs: integer,
  amount: integer,
})

const coverage = z.strictObject({
  business_id,
  processor: text,
  account: text,
  from: date.nullable(),
  to: date.nullable(),
  holes: z.array(z.strictObject({ after: date, before: date })),
})

const pull = z.strictObject({
  business_id,
  pull_id: integer,
  direction,
  as_of: instant,
  started_at: instant,
  finished_at: instant,
  complete: z.boolean(),
  maybe_cut: z.boolean(),
  refunds: integer,
  quarantined: integer,
  empty_legs: integer,
  pages: integer,
  bytes: integer,
  sha256: text,
  problem: text_or_null,
})

const file = z.strictObject({
  id: integer,
  business_id,
  processor: text,
  account: text,
  format: text,
  path: text,
  sha256: text,
  state: z.enum(['imported', 'refused', 'withdrawn']),
  records: integer,
  rows: integer,
  from: date.nullable(),
  to: date.nullable(),
  reason: text_or_null,
  bytes: integer,
  imported_at: instant,
  accepted: integer,
  known: integer,
  same_as_earlier: integer,
  quarantined: integer,
  coverage_source: text_or_null,
  totals: z.array(z.strictObject({ name: text, stated: text, read: text, holds: z.boolean() })),
  categories: z.array(z.strictObject({ category: text, type: text, currency: text, count: integer, amount: integer })),
})

const stored_line = z.strictObject({
  type: text,
  amount: integer,
  refund_fee: integer,
  returned_fee: integer,
  currency: text,
  presented_amount: integer_or_null,
  presented_currency: text_or_null,
  refund_id: text_or_null,
  occurred_at: instant.nullable(),
  occurred_on: date,
  file: text,
  line: integer,
})

const quarantined = z.strictObject({
  id: integer,
  business_id,
  source: text,
  line: integer_or_null,
  reason: text,
  raw: text,
  stored: stored_line.nullable(),
})

const close = z.strictObject({
  business_id,
  month,
  state: z.enum(['prepared', 'closed', 'superseded']),
  prepared_by: text,
  prepared_at: instant,
  reviewed_by: text_or_null,
  closed_at: instant.nullable(),
  accept_open: text_or_null,
  sha256: text,
  event_number: integer,
  event_hash: text,
})

const chain_end = z.strictObject({ business_id, event_number: integer, event_hash: text })
const note = z.strictObject({ business_id, code: text, text, count: integer_or_null, amount: integer_or_null })

const run = z.strictObject({
  run_id: integer,
  business_id,
  command: text,
  as_of: instant,
  started_at: instant,
  finished_at: instant.nullable(),
  state: z.enum(['running', 'done', 'failed']),
  event_number: integer_or_null,
  event_hash: text_or_null,
  problem: text_or_null,
})

export const reportSchema = z.strictObject({
  schema: z.literal('tieout.report/2'),
  as_of: instant,
  generated_at: instant,
  scope: z.strictObject({
    businesses: z.array(z.strictObject({ business_id, name: text, currency: text, time_zone: text })),
    from: month.nullable(),
    to: month.nullable(),
  }),
  verdicts: z.array(verdict),
  tie_out: z.array(tie_out_line),
  roll_forward: z.array(roll_forward_line),
  discrepancies: z.array(discrepancySchema),
  causes: z.array(cause),
  matches: z.array(match),
  outside: z.array(outside),
  coverage: z.array(coverage),
  pulls: z.array(pull),
  files: z.array(file),
  quarantine: z.array(quarantined),
  closes: z.array(close),
  chain: z.array(chain_end),
  notes: z.array(note),
  runs: z.array(run),
})
