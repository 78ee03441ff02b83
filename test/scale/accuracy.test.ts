/** `npm run accuracy`: writes docs/developing/accuracy.md. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { accuracyPage, measure } from '../support/accuracy.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

test('1,000 planted troubles are found to the cent, and nothing else', async () => {
  const measured = await measure(
    database,
    Array.from({ length: 33 }, (_, at) => at + 1),
    400,
  )
  await expect(accuracyPage(measured)).toMatchFileSnapshot('../../docs/developing/accuracy.md')
  const planted = measured.codes.reduce((sum, line) => sum + line.planted, 0)
  expect(planted).toBeGreaterThanOrEqual(1000)
  expect(
    measured.codes.filter((line) => line.right < line.planted || line.right < line.reported || line.wrong_cents > 0),
  ).toEqual([])
  expect(measured.wrong_matches).toBe(0)
}, 600_000)
