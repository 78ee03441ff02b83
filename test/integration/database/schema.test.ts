import { afterAll, beforeAll, expect, test } from 'vitest'
import { dumpSchema, rowTypes } from '../../support/catalogue.ts'
import { bareDatabase, type FreshDatabase, freshDatabase } from '../../support/database.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

test('sql/schema.sql is the migrated schema', async () => {
  await expect(await dumpSchema(database)).toMatchFileSnapshot('../../../sql/schema.sql')
})

test('sql/schema.sql makes the same schema by itself', async () => {
  const dump = await dumpSchema(database)
  const bare = await bareDatabase()
  try {
    await bare.query(dump)
    expect(await dumpSchema(bare)).toBe(dump)
  } finally {
    await bare.close()
  }
})

test('src/database/schema.ts has every column with its type and nullability', async () => {
  await expect(await rowTypes(database)).toMatchFileSnapshot('../../../src/database/schema.ts')
})
