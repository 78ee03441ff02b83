/** src/database/generated/ agrees with a migrated database, so that a renamed column breaks the build where it is read. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { schemaTypes, statementTypes } from '../../support/generated-types.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

test('the row types are those of the migrated tables', async () => {
  await expect(await schemaTypes(database.url)).toMatchFileSnapshot('../../../src/database/generated/schema.ts')
})

test('the types of statements are those that Postgres describes', async () => {
  await expect(await statementTypes(database.url)).toMatchFileSnapshot('../../../src/database/generated/statements.ts')
})
