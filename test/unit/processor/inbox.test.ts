import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { filesMatching, isMatch, unclaimedFiles } from '../../../src/processor/inbox.ts'
import { sizeOf } from '../../../src/processor/read/file-bytes.ts'

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

test('a pipe, a link to nothing and a folder whose name is no UTF-8 are named, and refused when they are read', async () => {
  const box = join(folder, 'odd')
  mkdirSync(join(box, 'deep'), { recursive: true })
  for (const pipe of ['pipe.csv', 'pipe.txt', 'deep/pipe.csv']) execFileSync('mkfifo', [join(box, pipe)])
  symlinkSync(join(box, 'pipe.csv'), join(box, 'to a pipe.csv'))
  symlinkSync(join(box, 'nothing'), join(box, 'to nothing.csv'))
  mkdirSync(Buffer.concat([Buffer.from(`${box}/m`), Buffer.from([0xe4]), Buffer.from('rz')]))
  const find = async (pattern: string): Promise<string[]> =>
    (await filesMatching([join(box, pattern)])).map((path) => path.slice(box.length + 1))
  expect(await find('*.csv')).toEqual(['pipe.csv', 'to a pipe.csv', 'to nothing.csv'])
  expect(await find('pipe.csv')).toEqual(['pipe.csv'])
  expect(await find('**/p*.csv')).toEqual(['deep/pipe.csv', 'm\ufffdrz', 'pipe.csv'])
  await expect(sizeOf(join(box, 'to a pipe.csv'))).rejects.toThrow('is a pipe or a device, expected a report file')
  await expect(sizeOf(join(box, 'to nothing.csv'))).rejects.toThrow('cannot be opened')
  await expect(sizeOf(join(box, 'm\ufffdrz'))).rejects.toThrow('has bytes that are no UTF-8')
})

test('a path is matched without looking at the disk', () => {
  expect(isMatch('/in/box/stripe/2026-10.csv', '/in/box/*/*.csv')).toBe(true)
  expect(isMatch('/in/(box)/2026-10.CSV', '/in/(box)/*.csv')).toBe(true)
  expect(isMatch('/in/box/2026-10.csv', '/in/box/*/*.csv')).toBe(false)
  expect(isMatch('/in/box/2026-10.csv', '/in/**/*.csv')).toBe(true)
  expect(isMatch('/in/box/.tmp/2026-10.csv', '/in/**/*.csv')).toBe(false)
})

test.each<[string, string[], string[], string[]]>([
  ['another extension, and not what another inbox takes', ['*.csv'], ['a.csv.*'], []],
  ['a file no inbox takes', ['*.csv'], [], ['a.csv.part']],
  [
    'files of folders below only where the pattern reaches there',
    ['x/**/*.txt'],
    ['x/1.*'],
    ['x/y/2.csv', 'x/y/z[1].csv'],
  ],
  ['no folder that is not there', ['nowhere/*.csv'], [], []],
])('unclaimed in an inbox: %s', async (_, own, others, expected) => {
  const at = (names: readonly string[]): string[] => names.map((name) => join(folder, name))
  expect(await unclaimedFiles(at(own), () => at([...own, ...others]), '/elsewhere')).toEqual(at(expected))
})

test('nothing is unclaimed in the folder of the configuration, which has other files too', async () => {
  expect(await unclaimedFiles([join(folder, '*.csv')], () => [join(folder, '*.csv')], folder)).toEqual([])
})
