import { createHash } from 'node:crypto'
import { type Json, jsonText } from './json/json-text.ts'
import type { DiscrepancyLine } from './lines.ts'

/**
 * 16 hex digits over what a decision about a finding rests on: its identity and its effects. A decision taken back
 * from a workpaper with another hash was made about something that has changed since.
 */
export const rowHash = ({ id, code, effects }: Pick<DiscrepancyLine, 'id' | 'code' | 'effects'>): string => {
  const rested: Json = [
    id,
    code,
    ...effects.map(({ month, processor, currency, amount, refund_fee, returned_fee }) => [
      month,
      processor,
      currency,
      amount,
      refund_fee,
      returned_fee,
    ]),
  ]
  return createHash('sha256').update(jsonText(rested)).digest('hex').slice(0, 16)
}
