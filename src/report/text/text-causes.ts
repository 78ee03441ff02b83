/** Findings of one cause in the text report: a line for each cause, before the findings one by one. */

import { CODES } from '../../core/discrepancy.ts'
import { formatMoney } from '../../core/money.ts'
import { type BusinessReport, listOf } from '../model.ts'
import type { Sink } from '../sink.ts'
import { indented, type Paint } from './text-layout.ts'

export const writeCauses = async (of: BusinessReport, sink: Sink, paint: Paint): Promise<void> => {
  const causes = await listOf(of.causes())
  if (causes.length === 0) return
  await sink.write(`\n${paint('ONE CAUSE', 'bold')}  findings below that have the same difference\n`)
  for (const { code, text, amount } of causes)
    await sink.write(indented(`${CODES[code].title}, ${text} (${formatMoney(amount, of.business.currency)} net)`, 2))
}
