/** The roll-forward as people read it, who signed a month, and what is material of one. */

import { type RollForwardLine, STEPS, type Step } from '../core/roll-forward.ts'
import { textCell } from './csv.ts'
import { decimal } from './decimal.ts'
import type { BusinessLine, TieOutLine, VerdictLine } from './lines.ts'
import type { Report } from './model.ts'
import type { Sink } from './sink.ts'

export const STEP_TITLES: Readonly<Record<Step, string>> = {
  opening: 'Opening',
  new: 'New',
  cleared: 'Cleared',
  resolved: 'Resolved',
  changed: 'Changed',
  closing: 'Closing',
}

/** The steps of a line in their order. */
export const stepsOf = <T>(of: (step: Step) => T): T[] => STEPS.map(of)

/** Lines in which something is or was open, by month. */
export const linesToRead = (lines: readonly RollForwardLine[]): RollForwardLine[] =>
  lines
    .filter((line) => STEPS.some((step) => line[step].count !== 0n || line[step].amount !== 0n))
    .sort((a, b) => (a.month < b.month ? -1 : a.month > b.month ? 1 : 0))

/** 'signed by Ada and Ben on 2026-11-03'; null: by nobody. */
export const signedText = ({ prepared_by, reviewed_by, closed_at }: VerdictLine): string | null =>
  closed_at === null
    ? null
    : `signed by ${[prepared_by, reviewed_by].filter((name) => name !== null).join(' and ')} on ${closed_at.slice(0, 10)}`

/** The months whose findings come to more than `materiality.month`, all measures gross, in the business's currency. */
export const materialMonths = (business: BusinessLine, lines: readonly TieOutLine[]): Set<string> => {
  const sums = new Map<string, bigint>()
  for (const { month, currency, gross } of lines)
    if (currency === business.currency) sums.set(month, (sums.get(month) ?? 0n) + gross)
  const limit = business.materiality_month
  return new Set([...sums].filter(([, gross]) => limit !== null && gross > limit).map(([month]) => month))
}

const MEASURES = ['amount', 'refund_fee', 'returned_fee', 'count'] as const

/** Writes the roll-forward of all businesses as one CSV file: a line per line and measure. */
export const writeRollForwardCsv = async (report: Report, sink: Sink): Promise<void> => {
  const names = ['business', 'month', 'direction', 'processor', 'currency', 'measure', ...STEPS, 'business_id']
  await sink.write(`\ufeff${names.map(textCell).join(',')}\r\n`)
  for (const { business, roll_forward } of report.businesses) {
    for await (const line of roll_forward()) {
      for (const measure of MEASURES) {
        const cell = (step: Step): string =>
          measure === 'count' ? String(line[step].count) : decimal(line[step][measure], line.currency)
        const head = [business.name, line.month, line.direction, line.processor, line.currency, measure].map(textCell)
        await sink.write(`${[...head, ...stepsOf(cell), textCell(business.business_id)].join(',')}\r\n`)
      }
    }
  }
}
