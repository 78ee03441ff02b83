/** The items of every figure of every roll-forward, summed: each has to come to its figure. */

import { type RollForwardPart, rollForwardOf, STEPS } from '../../src/core/roll-forward.ts'
import type { Database } from '../../src/database/connect.ts'
import { run } from '../../src/database/statement.ts'
import { type Part, partsOf } from '../../src/desk/pages/roll-forward-items.ts'
import { monthStates } from '../../src/review/close/closed-months.ts'

/** So few a page that there are several. */
const PAGE = 3

/** 'opening of 2026-11 customer STRIPE USD: 9000 of 3, its items 8000 of 2' for each figure that its items do not come to. */
export async function unfooted(database: Database, business_id: string): Promise<string[]> {
  const lines = rollForwardOf(await run<RollForwardPart>(database, 'close/roll_forward', [business_id, null, null]))
  const closed = (await monthStates(database, business_id)).filter(({ state }) => state === 'closed')
  const wrong: string[] = []
  for (const line of lines) {
    const is_closed = closed.some(({ month }) => month === line.month)
    for (const step of STEPS) {
      const parts: Part[] = []
      for (let page: Part[] | null = null; page === null || page.length === PAGE; ) {
        const last = parts.at(-1)
        const after = last ? ([last.size, last.discrepancy_id] as const) : null
        page = await partsOf(database, business_id, { ...line, step }, is_closed, after, PAGE)
        parts.push(...page)
      }
      const total = (of: (part: Part) => bigint): bigint => parts.reduce((sum, part) => sum + of(part), 0n)
      const figure = line[step]
      const said = [figure.amount, figure.refund_fee, figure.returned_fee, figure.count]
      const summed = [
        ...[total(({ amount }) => amount), total(({ refund_fee }) => refund_fee)],
        ...[total(({ returned_fee }) => returned_fee), total(({ findings }) => findings)],
      ]
      const ids = new Set(parts.map(({ discrepancy_id }) => discrepancy_id))
      const isEmpty = parts.some((part) =>
        [part.amount, part.refund_fee, part.returned_fee, part.findings].every((each) => each === 0n),
      )
      if (said.join() !== summed.join() || ids.size !== parts.length || isEmpty)
        wrong.push(
          `${step} of ${line.month} ${line.direction} ${line.processor} ${line.currency}: ${said.join(' ')}, its ${parts.length} items ${summed.join(' ')}`,
        )
    }
  }
  return wrong
}
