import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { count, run, SQL_FOLDER, statement } from '../../../src/database/statement.ts'
import { freshDatabase } from '../../support/database.ts'

test('a statement is the text of its file', () => {
  expect(existsSync(join(SQL_FOLDER, 'schema.sql'))).toBe(true)
  expect(statement('schema/0001_schema')).toContain('create table ledger_refund (')
  expect(() => statement('match/no_such_pass')).toThrow(/sql\/match\/no_such_pass\.sql/)
})

test('a statement that fails names its file', async () => {
  const database = await freshDatabase()
  await expect(run(database, 'explain/business', ['Harbor'])).rejects.toThrow(
    /^sql\/explain\/business\.sql: invalid input syntax for type uuid: "Harbor" \(22P02\)/,
  )
  await expect(count(database, 'reconcile/judge', ['Harbor'])).rejects.toThrow(/^sql\/reconcile\/judge\.sql: /)
  await database.close()
})
