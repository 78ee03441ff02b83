/** The items of every figure of every roll-forward, and of what explains each line of the tie-out, summed: each has to come to it. */

import { type RollForwardPart, rollForwardOf, STEPS } from '../../src/core/roll-forward.ts'
import type { Database } from '../../src/database/connect.ts'
import { run } from '../../src/database/statement.ts'
import { type Part, partsOf } from '../../src/desk/pages/roll-forward-items.ts'
import type { TieOutLine } from '../../src/report/lines.ts'
import { monthStates } from '../../src/review/close/closed-months.ts'

/** So few a page that there are several. */
const PAGE = 3

type Key = Parameters<typeof partsOf>[2]

/** 'opening of 2026-11 customer STRIPE USD: 9000 0 0 3, its 2 items 8000 0 0 2' for each figure that its items do not come to. */
export async function unfooted(database: Database, business_id: string): Promise<string[]> {
  const closed = (await monthStates(database, business_id)).filter(({ state }) => state === 'closed')
  const wrong: string[] = []
  /** count null: not said */
  const check = async (key: Key, [amount, refund_fee, returned_fee, count]: (bigint | null)[]): Promise<void> => {
    const is_closed = closed.some(({ month }) => month === key.month)
    const parts: Part[] = []
    for (let page: Part[] | null = null; page === null || page.length === PAGE; ) {
      const last = parts.at(-1)
      const after = last ? ([last.size, last.discrepancy_id] as const) : null
      page = await partsOf(database, business_id, key, is_closed, after, PAGE)
      parts.push(...page)
    }
    const total = (of: (part: Part) => bigint): bigint => parts.reduce((sum, part) => sum + of(part), 0n)
    const findings = count === null ? null : total((part) => part.findings)
    const fees = [total((part) => part.refund_fee), total((part) => part.returned_fee)]
    const said = [amount, refund_fee, returned_fee, count].join(' ')
    const summed = [total((part) => part.amount), ...fees, findings].join(' ')
    const ids = new Set(parts.map(({ discrepancy_id }) => discrepancy_id))
    const isEmpty = parts.some((part) =>
      [part.amount, part.refund_fee, part.returned_fee, part.findings].every((each) => each === 0n),
    )
    if (said === summed && ids.size === parts.length && !isEmpty) return
    const { step, month, direction, processor, currency } = key
    wrong.push(
      `${step} of ${month} ${direction} ${processor} ${currency}: ${said}, its ${parts.length} items ${summed}`,
    )
  }
  const lines = rollForwardOf(await run<RollForwardPart>(database, 'close/roll_forward', [business_id, null, null]))
  for (const line of lines) {
    for (const step of STEPS) {
      const { amount, refund_fee, returned_fee, count } = line[step]
      await check({ ...line, step }, [amount, refund_fee, returned_fee, count])
    }
  }
  const tied = await run<TieOutLine>(database, 'report/tie_out', [business_id, null, null])
  for (const line of tied) {
    const isOwn = (each: TieOutLine): boolean =>
      each.month === line.month &&
      each.direction === line.direction &&
      each.processor === line.processor &&
      each.currency === line.currency
    if (line.measure !== 'amount') continue
    const explained = (measure: string): bigint =>
      tied.find((each) => isOwn(each) && each.measure === measure)?.explained ?? 0n
    await check({ ...line, step: 'explained' }, [
      line.explained,
      explained('refund_fee'),
      explained('returned_fee'),
      null,
    ])
  }
  return wrong
}
