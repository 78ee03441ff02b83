import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Built, buildSource } from '../support/built.ts'
import { tieout } from '../support/command.ts'
import { bareDatabase, type FreshDatabase } from '../support/database.ts'

let built: Built
let folder: string
let database: FreshDatabase

beforeAll(async () => {
  built = await buildSource()
  folder = mkdtempSync(join(tmpdir(), 'tieout-partitions-'))
  database = await bareDatabase()
  writeFileSync(
    join(folder, 'tieout.yaml'),
    `database: {url: "\${DATABASE_URL}"}
businesses:
  - id: 5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01
    name: harbor
    currency: USD
    time_zone: UTC
    processors:
      - {name: STRIPE}
`,
  )
})
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
  await built.remove()
})

test('tieout migrate --partitions lays a bare database out, once, and refuses what is no number of partitions', async () => {
  const migrate = async (...flags: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> =>
    await tieout(built, folder, ['migrate', '--quiet', ...flags], { DATABASE_URL: database.url })
  const wrong = await migrate('--partitions', '1')
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('give a whole number from 2 to 1024')])

  const first = await migrate('--partitions', '4')
  expect(first.stderr).toBe('')
  expect(first.stdout).toMatch(
    /^Applied 0001_initial.*\.\nIn 4 partitions now: ledger_refund, .*discrepancy_effect\.\n$/,
  )
  expect((await migrate('--partitions', '4')).stdout).toBe('The database is up to date.\n')
  expect(JSON.parse((await migrate('--json')).stdout)).toMatchObject({ applied: [], laid_out: [] })
})
