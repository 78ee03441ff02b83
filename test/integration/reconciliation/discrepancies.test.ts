/** Every code has a smallest night that provokes it and a near miss that does not: test/fixtures/discrepancy/<CODE>/. */

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SQL_FOLDER } from '../../../src/database/statement.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { DISCREPANCIES, NIGHTS, nightOf } from '../../support/discrepancy-nights.ts'
import { liveThrough } from '../../support/small-night.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

test('every check has a night that provokes it and one that nearly does', () => {
  const checks = readdirSync(join(SQL_FOLDER, 'check')).map((file) => file.replace('.sql', '').toUpperCase())
  // a month has to be closed first: test/integration/review/close.test.ts
  expect(DISCREPANCIES).toEqual(checks.filter((check) => check !== 'CHANGED_AFTER_CLOSE').sort())
})

describe.each(DISCREPANCIES)('%s', (code) => {
  for (const name of NIGHTS) {
    const night = nightOf(code, name)
    test(`${name}: ${night.says}`, async () => {
      const { finds, unexplained_lines } = await liveThrough(database, night)
      expect(finds).toEqual(night.finds)
      expect(finds.some((found) => found.code === code)).toBe(name === 'provokes')
      expect(unexplained_lines).toBe(0)
    })
  }
})
