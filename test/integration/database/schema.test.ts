import { afterAll, beforeAll, expect, test } from 'vitest'
import { dumpSchema, uncommented } from '../../support/catalogue.ts'
import { bareDatabase, type FreshDatabase, freshDatabase } from '../../support/database.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

test('sql/schema.sql is the migrated schema', async () => {
  await expect(await dumpSchema(database.migrated)).toMatchFileSnapshot('../../../sql/schema.sql')
})

test('sql/schema.sql makes the same schema by itself', async () => {
  const dump = await dumpSchema(database.migrated)
  const bare = await bareDatabase()
  try {
    await bare.query(dump)
    expect(await dumpSchema(bare)).toBe(dump)
  } finally {
    await bare.close()
  }
})

test('every table and every column says what it holds', async () => {
  expect(await uncommented(database.migrated)).toEqual([])
})
