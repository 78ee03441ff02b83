/** What findings come to together in the text report: by age, and by cause. */

import { AGES } from '../age.ts'
import { causeSentence } from '../causes.ts'
import { type BusinessReport, listOf } from '../model.ts'
import { indented, type Page, table } from './text-layout.ts'

const CLASSES = [
  { of: 'error', title: 'to do' },
  { of: 'timing', title: 'waiting' },
  { of: 'info', title: 'for information' },
] as const

/** How many findings of each age somebody still has to look at. */
export const writeAges = async (of: BusinessReport, { write, paint, width }: Page): Promise<void> => {
  const ages = await of.ages()
  const rows = AGES.flatMap(({ title }, group) => {
    const counts = CLASSES.map((each) => ages[each.of][group] ?? 0)
    return counts.every((count) => count === 0) ? [] : [[title, ...counts.map(String)]]
  })
  if (rows.length === 0) return
  await write(`\n${paint('AGE', 'bold')}  how long ago the open findings happened\n`)
  const columns = CLASSES.map(({ title }) => ({ title, align: 'right' }) as const)
  await write(table([{ title: '', align: 'left' }, ...columns], rows, 2, width))
}

/** A line for each cause that several findings have. */
export const writeCauses = async (of: BusinessReport, { write, paint, width }: Page): Promise<void> => {
  const causes = await listOf(of.causes())
  if (causes.length === 0) return
  await write(`\n${paint('ONE CAUSE', 'bold')}  what several findings below have in common\n`)
  for (const cause of causes) await write(indented(causeSentence(cause, of.business.currency), 2, width))
}
