import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { filesMatching, isMatch } from '../../../src/processor/inbox.ts'

// what a folder is called is no pattern
const folder = mkdtempSync(join(tmpdir(), 'tieout-inbox (of {a,b} [1])-'))
beforeAll(() => {
  for (const path of [
    'b.csv',
    'a.csv',
    'B.CSV',
    'a.csv.part',
    '.hidden.csv',
    'x/1.csv',
    'x/y/2.csv',
    'x/y/z[1].csv',
    '.old/3.csv',
  ]) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), 'x')
  }
  mkdirSync(join(folder, 'folder.csv'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each<[string[], string[]]>([
  [['*.csv'], ['B.CSV', 'a.csv', 'b.csv']],
  [
    ['?.csv', 'a*', '*.csv'],
    ['B.CSV', 'a.csv', 'a.csv.part', 'b.csv'],
  ],
  [['**/*.csv'], ['B.CSV', 'a.csv', 'b.csv', 'x/1.csv', 'x/y/2.csv', 'x/y/z[1].csv']],
  [['x/**'], ['x/1.csv', 'x/y/2.csv', 'x/y/z[1].csv']],
  [['x/*/?[[]*.csv'], ['x/y/z[1].csv']],
  [['x/y/z[1].csv'], ['x/y/z[1].csv']],
  [
    ['.hidden.*', '.old/*.csv'],
    ['.hidden.csv', '.old/3.csv'],
  ],
  [['nowhere/*.csv', 'nothing.csv', 'a.csv/*'], []],
  [[], []],
])('%s finds %s', async (patterns, expected) => {
  const found = await filesMatching(patterns.map((pattern) => join(folder, pattern)))
  expect(found).toEqual(expected.map((path) => join(folder, path)))
})

test('a link to a file or a folder is followed; a name that is no UTF-8 is found, and refused when it is read', async () => {
  const box = join(folder, 'links')
  mkdirSync(box)
  symlinkSync(join(folder, 'a.csv'), join(box, 'a link.csv'))
  symlinkSync(join(folder, 'x'), join(box, 'of x'))
  writeFileSync(Buffer.concat([Buffer.from(`${box}/`), Buffer.from([0xff]), Buffer.from('.csv')]), 'x')
  expect((await filesMatching([join(box, '**/*.csv')])).map((path) => path.slice(box.length + 1))).toEqual([
    ...['a link.csv', 'of x/1.csv', 'of x/y/2.csv', 'of x/y/z[1].csv', '\ufffd.csv'],
  ])
})

test('a path is matched without looking at the disk', () => {
  expect(isMatch('/in/box/stripe/2026-10.csv', '/in/box/*/*.csv')).toBe(true)
  expect(isMatch('/in/(box)/2026-10.CSV', '/in/(box)/*.csv')).toBe(true)
  expect(isMatch('/in/box/2026-10.csv', '/in/box/*/*.csv')).toBe(false)
  expect(isMatch('/in/box/2026-10.csv', '/in/**/*.csv')).toBe(true)
  expect(isMatch('/in/box/.tmp/2026-10.csv', '/in/**/*.csv')).toBe(false)
})
