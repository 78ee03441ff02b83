import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Built, buildSource } from '../support/built.ts'
import { tieout } from '../support/command.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { MANY, storeMany } from '../support/many-findings.ts'

let database: FreshDatabase
let built: Built
let folder: string

beforeAll(async () => {
  database = await freshDatabase()
  await storeMany(database, 30_000)
  built = await buildSource()
  folder = await mkdtemp(join(tmpdir(), 'tieout-bounded-'))
}, 120_000)

afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

test('30,000 findings are written as workbook, JSON and CSV by a process that may keep 64 MB', async () => {
  const config = `database: {url: "${database.url}"}\nbusinesses: [{id: ${MANY}, currency: USD, time_zone: UTC}]\n`
  await writeFile(join(folder, 'tieout.yaml'), config)
  const ended = await tieout(built, folder, ['report', '--format', 'xlsx,json,csv', '--output', 'out'], {
    NODE_OPTIONS: '--max-old-space-size=64',
  })
  expect(ended.stderr).not.toContain('heap')
  expect(ended.code).toBe(0)
  const out = join(folder, 'out')
  expect((await readdir(out)).sort()).toEqual([
    'discrepancies.csv',
    'report.json',
    'roll-forward.csv',
    'workpaper-many-refunds-9a1c8f4e-all-months.xlsx',
  ])
  expect((await readFile(join(out, 'discrepancies.csv'), 'utf8')).split('\r\n')).toHaveLength(1 + 30_000 + 1)
  expect((await stat(join(out, 'report.json'))).size).toBeGreaterThan(20_000_000)
}, 240_000)
