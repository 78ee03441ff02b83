/** The findings as the page's script reads them: amounts as text of minor units, since a script's numbers are floats. */

import { CODES } from '../../core/discrepancy.ts'
import { type AgeCounts, countAge, noAges } from '../age.ts'
import { type Json, jsonText } from '../json/json-text.ts'
import type { DiscrepancyLine } from '../lines.ts'
import { decisionText, dueText, ownerText } from '../messages/phrases.ts'
import type { BusinessReport, Report } from '../model.ts'
import { headline } from '../text/headline.ts'
import { jsonBlock } from './markup.ts'

/** More findings than this would make the page slow and too large to mail; the others are counted. */
const MOST_FINDINGS = 20_000

/** The report's findings: those in the page as pieces of JSON, all of them counted. */
export interface Embedded {
  /** a JSON list, in pieces */
  pieces: string[]
  embedded: number
  total: number
  /** of the open ones, by business id */
  ages: Map<string, AgeCounts>
}

/** Reads all findings once. */
export const embedFindings = async (report: Report): Promise<Embedded> => {
  const result: Embedded = { pieces: ['['], embedded: 0, total: 0, ages: new Map() }
  for (const [index, of] of report.businesses.entries()) {
    const ages = noAges()
    result.ages.set(of.business.business_id, ages)
    for await (const line of of.discrepancies()) {
      result.total += 1
      countAge(ages, line)
      if (result.embedded === MOST_FINDINGS) continue
      const text = jsonBlock(jsonText(shape(line, index, of)))
      result.pieces.push(`${result.embedded === 0 ? '' : ','}\n${text}`)
      result.embedded += 1
    }
  }
  result.pieces.push(']')
  return result
}

const shape = (line: DiscrepancyLine, business: number, { business: { currency }, today }: BusinessReport): Json => {
  const figure = headline(line, currency)
  return {
    id: line.id,
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
