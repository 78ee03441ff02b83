/** The explanation as one JSON document. Amounts are minor units. */

import type { Leg } from '../../matching/types.ts'
import type { LoadedRow } from '../../reconciliation/working-set.ts'
import { discrepancyJson } from '../../report/json/finding-json.ts'
import type { Explanation } from './explanation.ts'
import type { LegDetail, RowDetail } from './items.ts'
import type { PassStory } from './passes.ts'
import { stateOf } from './subject.ts'

export const explanationDocument = (explanation: Explanation): object => {
  const { subject, stored, findings, passes, differences, near, follows, sql } = explanation
  return {
    schema: 'tieout.explain/1',
    subject: {
      asked: subject.asked,
      kind: kindOf(explanation),
      business_id: subject.business.business_id,
      discrepancy_id: subject.discrepancy_id,
      legs: explanation.legs.map(legJson),
      rows: explanation.rows.map(rowJson),
    },
    stored: {
      as_of: stored.as_of,
      matches: stored.matches.map(({ match_no, pass, leg_nos, row_nos, totals, made }) => ({
        match_no,
        pass,
        legs: leg_nos.flatMap((leg_no) => explanation.details.leg(leg_no) ?? []).map(legJson),
        rows: row_nos.flatMap((row_no) => explanation.details.row(row_no) ?? []).map(rowJson),
        totals: totals.map(({ pass: _, ...total }) => total),
        made,
      })),
      open: [
        ...stored.open_legs.map((leg) => ({ leg_no: leg.leg_no, leg_id: leg.leg_id, ...openJson(leg) })),
        ...stored.open_rows.map((row) => ({
          row_no: row.row_no,
          transaction_id: row.transaction_id,
          ...openJson(row),
        })),
      ],
      rulings: stored.rulings,
    },
    recomputed: {
      legs: near.legs.length,
      rows: near.rows.length,
      is_cut: near.is_cut,
      follows,
      differences,
    },
    passes: passes.map(passJson),
    findings: findings.map(discrepancyJson),
    sql,
  }
}

const kindOf = ({ subject, legs, rows }: Explanation): 'finding' | 'leg' | 'row' | 'items' => {
  if (subject.discrepancy_id !== null) return 'finding'
  if (legs.length + rows.length > 1) return 'items'
  return legs.length === 1 ? 'leg' : 'row'
}

const legJson = (leg: LegDetail): object => ({
  leg_no: leg.leg_no,
  leg_id: leg.leg_id,
  refund_id: leg.refund_id,
  external_id: leg.external_id,
  refund_external_id: leg.refund_external_id,
  direction: leg.direction,
  processor: leg.processor,
  amount: leg.amount,
  refund_fee: leg.refund_fee,
  returned_fee: leg.returned_fee,
  currency: leg.currency,
  completed_at: leg.completed_at ?? leg.on_date,
  completed_on: leg.on_date,
  identity_keys: leg.identity_keys,
  reference_keys: leg.reference_keys,
  left_out: leg.left_out,
})

const rowJson = (row: RowDetail): object => ({
  row_no: row.row_no,
  transaction_id: row.transaction_id,
  processor: row.processor,
  account: row.account,
  direction: row.direction,
  refund_id: row.refund_id,
  payment_id: row.payment_ids,
  references: row.reference_ids,
  type: row.type,
  amount: row.amount,
  refund_fee: row.refund_fee,
  returned_fee: row.returned_fee,
  currency: row.currency,
  occurred_on: row.on_date,
  payout_id: row.payout_id,
  file: row.file,
  line: row.line,
  left_out: row.left_out,
})

const openJson = (item: LegDetail | RowDetail): object => ({
  state: item.state,
  island_no: item.island_no,
  is_new: item.is_new,
  is_changed: item.is_changed,
  left_out: item.left_out,
  says: stateOf(item),
})

const passJson = ({ candidates, ...story }: PassStory): object => ({
  ...story,
  candidates: candidates.map(({ legs, rows, ...candidate }) => ({
    ...candidate,
    legs: legs.map(({ leg_no, leg_id, refund_id }: Leg) => ({ leg_no, leg_id, refund_id })),
    rows: rows.map(({ row_no, transaction_id, processor, account }: LoadedRow) => ({
      row_no,
      transaction_id,
      processor,
      account,
    })),
  })),
})
