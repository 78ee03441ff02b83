/** Corrections for people and for programs. */

import { formatMoney } from '../core/money.ts'
import type { Posted } from '../corrections/post.ts'
import type { Proposed } from '../corrections/propose.ts'
import type { CorrectionEvent, StandingCorrection, Target } from '../corrections/store.ts'
import { knownDifferences } from '../corrections/target.ts'

/** As many characters of an id as people are shown; any unambiguous beginning is taken. */
const SHORT_ID = 8

const shortId = (id: string): string => id.slice(0, SHORT_ID)

const targetText = (target: Target | null): string =>
  target === null
    ? 'no target yet'
    : Object.entries(target)
        .map(([field, value]) => `${field} ${value}`)
        .join(', ')

/** Exact integers: amounts fit JSON numbers, or no correction would have been made. */
export const correctionDocument = (business_id: string, each: StandingCorrection): object => ({
  id: each.correction_id,
  status: each.status,
  discrepancy_id: each.discrepancy_id,
  external_id: each.external_id,
  refund_id: each.refund_id,
  transaction_id: each.transaction_id,
  amount: Number(each.amount),
  target: each.target,
  business_id,
  direction: each.direction,
  processor: each.processor,
  currency: each.currency,
  refund_fee: Number(each.refund_fee),
  returned_fee: Number(each.returned_fee),
  completed_at: each.completed_at,
  target_source: each.target_source,
  expected_amount: each.expected_amount === null ? null : Number(each.expected_amount),
  layer_refund_id: each.layer_refund_id,
  outcome: each.outcome,
  known_differences: knownDifferences(each),
  proposed_by: each.proposed_by,
  approved_by: each.approved_by,
})

/** One line, and where there is something to say of it, a second. */
const correctionLines = (each: StandingCorrection): string[] => [
  [
    shortId(each.correction_id),
    each.status.replace('_', ' ').padEnd(12),
    each.occurred_on,
    formatMoney(each.amount, each.currency).padStart(14),
    each.processor,
    each.external_id,
    targetText(each.target),
  ].join('  '),
  ...(each.outcome === null ? [] : [`          ${each.outcome}`]),
]

const MAY_BE_MADE = ['needs_target', 'proposed', 'approved', 'posting', 'failed']

/** The lines of one that is listed; of one that may still be made also what will differ. */
export const listedLines = (each: StandingCorrection): string[] => [
  ...correctionLines(each),
  ...(each.target !== null && MAY_BE_MADE.includes(each.status) ? warnings(each).map((line) => `        ${line}`) : []),
]

/** All that is known of one correction: what is meant, where from, the request, what happened. */
export const correctionDetail = (each: StandingCorrection, events: readonly CorrectionEvent[]): string =>
  [
    `Correction ${each.correction_id}: ${each.status.replace('_', ' ')}`,
    `  a ${each.direction} refund of ${formatMoney(each.amount, each.currency)}, completed at ${each.completed_at}`,
    `  refund fee ${formatMoney(each.refund_fee, each.currency)}, returned fee ${formatMoney(each.returned_fee, each.currency)}`,
    `  ${each.processor}: refund ${each.refund_id ?? '(none named)'}, transaction ${each.transaction_id}`,
    `  external id in Layer: ${each.external_id}`,
    `  target: ${targetText(each.target)}${each.target_source === null ? '' : ` (from ${SOURCES[each.target_source]})`}`,
    `  discrepancy: ${each.discrepancy_id} (${each.discrepancy_status})`,
    ...(each.outcome === null ? [] : [`  ${each.outcome}`]),
    ...warnings(each),
    ...requestLines(each),
    ...events.map(
      ({ happened_at, actor, to_status, note }) =>
        `  ${happened_at}  ${actor}: ${to_status.replace('_', ' ')}${note === null ? '' : ` (${note})`}`,
    ),
  ].join('\n')

const SOURCES = {
  ledger: 'refunds in the ledger',
  references: "the processor's references",
  person: 'a person',
} as const

const warnings = (each: StandingCorrection): string[] => knownDifferences(each).map((said) => `  NOTE: ${said}`)

const requestLines = ({ request_path, request_body, request_sha256 }: StandingCorrection): string[] =>
  request_path === null || request_body === null
    ? []
    : [`  POST ${request_path}`, `  ${request_body}`, `  SHA-256 ${request_sha256}`]

export const proposedText = (said: Proposed): string => {
  const counted = [
    [said.proposed.length, 'proposed'],
    [said.needs_target.length, 'in need of a target'],
    [said.unchanged.length, 'there already'],
    [said.obsolete.length, 'not needed any more'],
    [said.left_out.length, 'left out'],
  ].flatMap(([count, words]) => (count === 0 ? [] : `${count} ${words}`))
  const lines = [`  corrections: ${counted.join(', ') || 'nothing is missing in the ledger'}`]
  for (const { transaction_id, reason } of said.left_out) lines.push(`  left out ${transaction_id}: ${reason}`)
  return lines.join('\n')
}

export const approvedText = (each: StandingCorrection): string =>
  [...correctionLines(each), ...warnings(each)].map((line) => `  ${line}`).join('\n')

export const postedText = (each: Posted): string =>
  `  ${shortId(each.correction_id)}  ${each.status.replace('_', ' ').padEnd(12)}  ${each.says}`

/** The request as it will be sent, and what will come out otherwise; the token stands in a header and nowhere here. */
export const dryRunText = (each: StandingCorrection): string =>
  [`  ${shortId(each.correction_id)}  ${each.status}`, ...requestLines(each), ...warnings(each)].join('\n')
