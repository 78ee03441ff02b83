/** A file that lies where it lay, as it was, is not read again; whatever else was done to it, it is. */

import { existsSync, mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ImportOptions } from '../../../src/processor/import-files.ts'
import type { FileOutcome } from '../../../src/processor/import-outcome.ts'
import { type ImportDesk, openDesk, STRIPE, STRIPE_HEADER } from '../../support/import.ts'

let desk: ImportDesk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(async () => {
  await desk.close()
})

/** Long after any file of a test was written. */
const LATER = '2101-01-01T00:00:00Z'
const OCTOBER = `${STRIPE_HEADER}\ntxn_1,2026-10-31 14:00:00,,usd,-25.00,0.00,refund,re_1,ch_1,\n`
/** as many bytes */
const OTHER = OCTOBER.replace('-25.00', '-26.00').replace('txn_1', 'txn_2')
const UNCHANGED = 'october.csv was imported before, at 2101-01-01T00:00:00Z: it has not changed since, nothing was done'
const SAME_BYTES = 'october.csv was imported before, at 2101-01-01T00:00:00Z: the same bytes, nothing was done'

const take = async (path: string, options: Partial<ImportOptions> = {}): Promise<FileOutcome> =>
  await desk.take(path, { imported_at: LATER, ...options })
const paths = async (): Promise<number> => (await desk.database.query('select from file_path')).length

test('a file that was imported is known by where it lies', async () => {
  const path = desk.file('october.csv', OCTOBER)
  const first = await take(path)
  const again = await take(path)
  expect(again).toMatchObject({ outcome: 'already', says: UNCHANGED, problem: null, sha256: first.sha256 })
  expect(first.sha256).toMatch(/^[0-9a-f]{64}$/)
  expect(await desk.state()).toBe('1 1 0')
})

test('one that was moved, or copied, is read once more, and then known there', async () => {
  const path = desk.file('october.csv', OCTOBER)
  await take(path)
  const moved = join(desk.folder, 'moved.csv')
  renameSync(path, moved)
  const as_october = 'was imported before as october.csv, at 2101-01-01T00:00:00Z'
  expect((await take(moved)).says).toBe(`moved.csv ${as_october}: the same bytes, nothing was done`)
  expect((await take(moved)).says).toBe(`moved.csv ${as_october}: it has not changed since, nothing was done`)
  // and back: a move is a change as well
  renameSync(moved, path)
  expect((await take(path)).says).toBe(SAME_BYTES)
  expect((await take(path)).says).toBe(UNCHANGED)
})

test('other bytes are seen, though they are as many and pretend to be as old', async () => {
  const path = desk.file('october.csv', OCTOBER)
  utimesSync(path, 1793491200, 1793491200)
  await take(path)
  writeFileSync(path, OTHER)
  utimesSync(path, 1793491200, 1793491200)
  expect(statSync(path)).toMatchObject({ size: OCTOBER.length, mtimeMs: 1793491200000 })
  expect(await take(path)).toMatchObject({ outcome: 'imported', accepted: 1n })
})

test('another file in its place is seen', async () => {
  const path = desk.file('october.csv', OCTOBER)
  const next = desk.file('next.csv', OTHER)
  for (const file of [path, next]) utimesSync(file, 1793491200, 1793491200)
  await take(path)
  renameSync(next, path)
  expect(await take(path)).toMatchObject({ outcome: 'imported', accepted: 1n })
  expect((await take(path)).says).toBe(UNCHANGED)
})

test('another account does not know it', async () => {
  const path = desk.file('october.csv', OCTOBER)
  await take(path)
  const elsewhere = await desk.take(path, { imported_at: LATER }, { ...STRIPE, account: 'eu' })
  expect(elsewhere).toMatchObject({ outcome: 'imported', accepted: 1n })
})

test('nothing is concluded of a file that was written to just now: it could be once more, within a tick', async () => {
  const path = desk.file('october.csv', OCTOBER)
  const written = statSync(path).ctimeMs
  const at = (millis: number): string => new Date(written + millis).toISOString()
  await take(path, { imported_at: at(0) })
  expect(await paths()).toBe(0)
  await take(path, { imported_at: at(2900) })
  expect(await paths()).toBe(0)
  await take(path, { imported_at: at(3001) })
  expect(await paths()).toBe(1)
})

test('nothing is remembered of a file that was refused, or has nothing to keep', async () => {
  await take(desk.file('notes.csv', 'a,b\n1,2\n'))
  await take(desk.file('quiet.csv', `${STRIPE_HEADER}\n`))
  expect(await paths()).toBe(0)
})

test('a file that goes while it is imported stays imported', async () => {
  const path = desk.file('october.csv', OCTOBER)
  const outcome = await take(path, { onProgress: () => rmSync(path, { force: true }) })
  expect(outcome).toMatchObject({ outcome: 'imported', accepted: 1n, problem: null })
  expect(await paths()).toBe(0)
})

test('a file that is another by the time it was imported is read again', async () => {
  const path = desk.file('october.csv', OCTOBER)
  const next = desk.file('next.csv', OTHER)
  // opened by then
  await take(path, { onProgress: () => existsSync(next) && renameSync(next, path) })
  expect(await paths()).toBe(0)
  expect(await take(path)).toMatchObject({ outcome: 'imported', accepted: 1n })
})

test('a path that no index entry could hold is not remembered, and its file is imported all the same', async () => {
  const long = Array.from({ length: 12 }, () => 'x'.repeat(200)).join('/')
  mkdirSync(join(desk.folder, long), { recursive: true })
  const path = desk.file(`${long}/october.csv`, OCTOBER)
  expect(await take(path)).toMatchObject({ outcome: 'imported', accepted: 1n })
  expect((await take(path)).says).toBe(SAME_BYTES)
  expect(await paths()).toBe(0)
})
