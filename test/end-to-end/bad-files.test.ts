import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Built, buildSource } from '../support/built.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { FIRST, type Harbor, openHarbor } from '../support/harbor.ts'
import { contentOf } from '../support/tables.ts'

let built: Built
let database: FreshDatabase
let harbor: Harbor

beforeAll(async () => {
  built = await buildSource()
  database = await freshDatabase()
  harbor = await openHarbor(built, database.url)
  harbor.arrives(FIRST)
  expect((await harbor.run('import')).code).toBe(0)
})
afterAll(async () => {
  await harbor.close()
  await database.close()
})

/** All that an import writes; table run keeps that it was tried. */
async function stored(): Promise<Record<string, string>> {
  const { run: _run, ...rest } = await contentOf(database)
  return rest
}

const HEADER =
  'balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,reporting_category,source_id,charge_id'
const line = (id: number): string =>
  `txn_new${id},2026-11-03 14:00:00,2026-11-05 00:00:00,usd,-25.00,0.00,refund,re_new${id},ch_1`
const GOOD = `${HEADER}\n${line(1)}\n${line(2)}\n`
const packed = gzipSync(GOOD)

const BAD: readonly [string, string, string | Buffer, string][] = [
  ['is truncated', 'truncated.csv', GOOD.slice(0, -40), 'truncated.csv is cut off: its last line, 3, has'],
  [
    'is truncated within quotes',
    'quoted.csv',
    `${GOOD}"txn_3,2026`,
    'a quote opens in this record and is never closed',
  ],
  [
    'is truncated while packed',
    'packed.csv.gz',
    packed.subarray(0, packed.length - 12),
    'cannot be unpacked to its end',
  ],
  ['is empty', 'empty.csv', '', 'empty.csv is empty (0 bytes)'],
  ['is binary', 'binary.csv', Buffer.from([0x89, 0, 1, 2, 3, 0xff, 0]), 'binary.csv is not a text file'],
  [
    'is wrongly encoded',
    'latin.csv',
    Buffer.from(`${GOOD}txn_3,R\u00fcckgabe`, 'latin1'),
    '(0xfc), line 4, belongs to no character; it may be in Windows-1252',
  ],
  ['has the header of something else', 'other.csv', 'Name,Street\nA,B\n', 'other.csv: no report format known'],
  ['lacks a column', 'lacking.csv', GOOD.replace('gross', 'grosz'), 'nearest is stripe-itemized, missing: gross'],
  [
    'has a column twice',
    'doubled.csv',
    GOOD.replace('charge_id', 'gross'),
    "the header has the column 'gross' 2 times",
  ],
  [
    'has a line of 10 million characters',
    'long.csv',
    `${GOOD}${'x'.repeat(10_000_000)}\n`,
    'long.csv, line 4: a record of more than 1048576 characters',
  ],
]

describe('tieout import of a file that cannot be read', () => {
  it.each(BAD)('%s: says so on stderr, keeps nothing of it, and exits with 1', async (_, name, content, says) => {
    const before = await stored()
    writeFileSync(join(harbor.folder, name), content)
    const ended = await harbor.run('import', name, '--processor', 'STRIPE')
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain(JSON.stringify(says).slice(1, -1))
    expect(ended.stderr.length).toBeLessThan(2000)
    expect(await stored()).toEqual(before)
  })

  it('names each of them where they lie in one folder, keeps nothing, and exits with 1', async () => {
    const before = await stored()
    for (const [, name, content] of BAD) writeFileSync(join(harbor.folder, name), content)
    const ended = await harbor.run('import', ...BAD.map(([, name]) => name), '--processor', 'STRIPE')
    expect(ended.code).toBe(1)
    for (const [, , , says] of BAD) expect(ended.stdout).toContain(says)
    expect(await stored()).toEqual(before)
  })
})

describe('tieout import of a file that brings nothing', () => {
  it('has a header and no line: says so and keeps nothing', async () => {
    const before = await stored()
    writeFileSync(join(harbor.folder, 'header.csv'), `${HEADER}\n`)
    const ended = await harbor.run('import', 'header.csv', '--processor', 'STRIPE')
    expect(ended.code).toBe(0)
    expect(ended.stdout).toContain('header.csv has a header and no line')
    expect(await stored()).toEqual(before)
  })

  it('is the same as one before under another name: says so and keeps nothing', async () => {
    const before = await stored()
    const [october] = FIRST.files
    copyFileSync(join(harbor.folder, october?.path ?? ''), join(harbor.folder, 'copy.csv'))
    const ended = await harbor.run('import', 'copy.csv', '--processor', 'STRIPE', '--verbose')
    expect(ended.code).toBe(0)
    expect(ended.stderr).toContain('copy.csv was imported before as itemized_balance_change_2026-10-01_2026-10-31.csv')
    expect(await stored()).toEqual(before)
  })
})
