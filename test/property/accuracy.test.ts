import { afterAll, beforeAll, expect, test } from 'vitest'
import { measure } from '../support/accuracy.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

test('what is planted in 1,200 invented refunds is found to the cent, and nothing else', async () => {
  const { codes, matches, wrong_matches } = await measure(database, [101, 102, 103], 400)
  expect(codes.every(({ planted }) => planted > 0)).toBe(true)
  expect(
    codes.filter(({ planted, reported, right, wrong_cents }) => right < planted || right < reported || wrong_cents > 0),
  ).toEqual([])
  expect(matches).toBeGreaterThan(1000)
  expect(wrong_matches).toBe(0)
})
