/** The findings as the page's script reads them: amounts as text of minor units, since a script's numbers are floats. */

import { CODES } from '../../core/discrepancy.ts'
import type { Json } from '../json/json-text.ts'
import type { DiscrepancyLine } from '../lines.ts'
import { decisionText, dueText, ownerText } from '../messages/phrases.ts'
import type { BusinessReport } from '../model.ts'
import type { Money } from '../text/headline.ts'

/** One finding; `figure`: what stands first at it. */
export const shape = (
  line: DiscrepancyLine,
  business: number,
  { today }: BusinessReport,
  figure: Money | null,
  isNew: boolean,
): Json => {
  return {
    id: line.id,
    new: isNew,
    code: line.code,
    status: line.status,
    late: line.late,
    business,
    direction: line.direction,
    processor: line.processor,
    message: line.message,
    advice: line.suggestion === CODES[line.code].suggestion ? null : line.suggestion,
    on: line.dated_on,
    age: line.age_days,
    due: line.due_on,
    due_text: line.due_on && dueText(line.due_on, today),
    decided: decisionText(line),
    owner: ownerText(line),
    first: line.first_seen_at,
    last: line.last_seen_at,
    refund: line.refund_id,
    figure: figure && [`${figure.minor}`, figure.currency],
    legs: line.legs.map((leg) => ({
      id: leg.leg_id,
      refund: leg.refund_id,
      external: leg.external_id,
      refund_external: leg.refund_external_id,
      processor: leg.processor,
      money: [`${leg.amount}`, `${leg.refund_fee}`, `${leg.returned_fee}`],
      on: leg.completed_on,
      pulled: leg.pulled_at,
      references: leg.references,
    })),
    rows: line.rows.map((row) => ({
      id: row.transaction_id,
      refund: row.refund_id,
      payment: row.payment_id,
      type: row.type,
      processor: row.processor,
      account: row.account,
      money: [`${row.amount}`, `${row.refund_fee}`, `${row.returned_fee}`],
      currency: row.currency,
      on: row.occurred_on,
      file: row.file,
      line: row.line,
      references: row.references,
    })),
    effects: line.effects.map((effect) => ({
      month: effect.month,
      processor: effect.processor,
      currency: effect.currency,
      money: [`${effect.amount}`, `${effect.refund_fee}`, `${effect.returned_fee}`],
    })),
  }
}
