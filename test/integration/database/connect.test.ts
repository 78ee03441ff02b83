import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

test('an amount of 9,007,199,254,740,993 minor units is read to the last unit', async () => {
  const rows = await database.query<{ amount: bigint }>('select $1::bigint as amount', [9_007_199_254_740_993n])
  expect(rows).toEqual([{ amount: 9_007_199_254_740_993n }])
})

test('dates stay dates and instants are text in UTC with their fraction', async () => {
  const [row] = await database.query(`
    select date '2026-10-31' as completed_on, timestamptz '2026-10-31 19:59:59.25-04' as completed_at,
           timestamptz '2026-10-31 23:59:59Z' as whole, 12.50::numeric as rate,
           array[1, null, 9007199254740993]::bigint[] as amounts, array[date '2026-02-28', null] as days,
           array[timestamptz '2026-10-31 23:00Z'] as instants, '{}'::bigint[] as nothing, array['a,"b', 'NULL', null] as keys`)
  expect(row).toEqual({
    completed_on: '2026-10-31',
    completed_at: '2026-10-31T23:59:59.25Z',
    whole: '2026-10-31T23:59:59Z',
    rate: '12.50',
    amounts: [1n, null, 9_007_199_254_740_993n],
    days: ['2026-02-28', null],
    instants: ['2026-10-31T23:00:00Z'],
    nothing: [],
    keys: ['a,"b', 'NULL', null],
  })
})
