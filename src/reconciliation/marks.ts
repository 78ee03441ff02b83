/** How far the runs of a business have looked. */

import type { Db } from '../database/connect.ts'
import { run } from '../database/statement.ts'

/** How far the last run looked, and how far this one does. A run that looks at everything starts from 0. */
export interface Marks {
  item_mark: bigint
  pull_mark: bigint
  new_item_mark: bigint
  new_pull_mark: bigint
  settings: string
  /** legs and rows, of all businesses, that the planner's statistics count */
  items_planned_for: bigint
}

export async function readMarks(db: Db, business_id: string, full: boolean): Promise<Marks> {
  const [marks] = await run<Marks>(db, 'match/marks', [business_id, full])
  if (marks === undefined) throw new Error(`business ${business_id} is not there`)
  return marks
}

/**
 * So many new items, and so large a part of what the planner knows of, that plans made on old statistics could loop where
 * they should join. A run over everything joins without asking.
 */
export function areMany({ item_mark, new_item_mark, items_planned_for }: Marks): boolean {
  const new_items = new_item_mark - item_mark
  return item_mark > 0n && new_items > 5_000n && new_items * 20n > items_planned_for
}
