/** The Roll-forward sheet: what was open at the end of the month before, what became of it, and what is open now. */

import { minorDigits } from '../../core/money.ts'
import type { RollForwardLine } from '../../core/roll-forward.ts'
import { STEP_TITLES, stepsOf } from '../roll-forward.ts'
import { amount, amountFormula, type Cell, count, text } from './cells.ts'
import type { Sheet } from './sheet.ts'

const HEADER_ROW = 3
const NAMES = ['Month', 'Direction', 'Processor', 'Currency', 'Measure'] as const
const MEASURES = [
  ['amount', 'refunds'],
  ['refund_fee', 'refund fees'],
  ['returned_fee', 'returned fees'],
  ['count', 'findings'],
] as const

/** One row per line and measure. */
export const rollForwardSheet = (lines: readonly RollForwardLine[]): Sheet => ({
  name: 'Roll-forward',
  columns: [
    ...NAMES.map((title) => ({ title, width: 14 })),
    ...stepsOf((step) => ({ title: STEP_TITLES[step], width: 16 })),
  ],
  header_row: HEADER_ROW,
  frozen_columns: 0,
  filter: true,
  rows: async function* (): AsyncGenerator<Cell[]> {
    yield [text('Roll-forward', 'title')]
    yield [
      text(
        'Open items: opening + new - cleared - resolved + changed = closing. Of findings, changed counts those of another amount.',
        'note',
      ),
    ]
    yield [
      ...NAMES.map((title) => text(title, 'header')),
      ...stepsOf((step) => text(STEP_TITLES[step], 'header_right')),
    ]
    let row = HEADER_ROW
    for (const line of lines) {
      for (const [measure, title] of MEASURES) {
        row += 1
        const closing = `ROUND(F${row}+G${row}-H${row}-I${row}+J${row},${minorDigits(line.currency)})`
        yield [
          ...[line.month, line.direction, line.processor, line.currency, title].map((value) => text(value)),
          ...stepsOf((step) =>
            measure === 'count'
              ? count(line[step].count)
              : step === 'closing'
                ? amountFormula(closing, line[step][measure], line.currency)
                : amount(line[step][measure], line.currency),
          ),
        ]
      }
    }
  },
})
