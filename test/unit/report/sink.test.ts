import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeFileWhole } from '../../../src/report/sink.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tieout-sink-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

test('pieces of text and bytes arrive in order, however many', async () => {
  const path = join(folder, 'deep', 'report.txt')
  await writeFileWhole(path, async (sink) => {
    for (let i = 0; i < 30_000; i++) await sink.write(`${i}\u00e9\n`)
    await sink.write(Buffer.from('end'))
  })
  const text = await readFile(path, 'utf8')
  expect(text.split('\n')).toHaveLength(30_001)
  expect(text.endsWith('29999\u00e9\nend')).toBe(true)
})

test('a report that breaks off leaves the old one as it was, and nothing beside it', async () => {
  const path = join(folder, 'report.txt')
  await writeFile(path, 'the old one')
  const broken = writeFileWhole(path, async (sink) => {
    await sink.write('half of')
    throw new Error('the database went away')
  })
  await expect(broken).rejects.toThrow('the database went away')
  expect(await readFile(path, 'utf8')).toBe('the old one')
  expect(await readdir(folder)).toEqual(['report.txt'])
})
