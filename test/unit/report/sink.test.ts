import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sweepTemporary } from '../../../src/core/whole-file.ts'
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

test('what a killed job left half written is removed by the next one; what another is writing, and all else, is not', async () => {
  const dead = spawnSync('/bin/true').pid
  const [mine, gone] = [process.pid, dead].map((pid) => `.report.json.${hostname()}.${pid}.0123abcd.part`)
  const elsewhere = ['.report.json.other-host.7.0123abcd.part', '.old.json.other-host.7.0123abcd.part']
  const kept = ['.report.json.draft', 'report.json', '.hidden.part']
  for (const name of [mine, gone, ...elsewhere, ...kept]) await writeFile(join(folder, name ?? ''), 'half of')
  await utimes(join(folder, elsewhere[1] ?? ''), 0, Date.now() / 1000 - 4000)
  await sweepTemporary(folder)
  expect(await readdir(folder)).toEqual([mine, elsewhere[0], ...kept].sort())
  await sweepTemporary(join(folder, 'not there'))
})

test.each([0o000, 0o022, 0o077])('under umask %o nobody else may write a report, nor its folder', async (mask) => {
  const before = process.umask(mask)
  try {
    await writeFileWhole(join(folder, 'deep/er/report.txt'), async (sink) => await sink.write('text'))
  } finally {
    process.umask(before)
  }
  for (const path of ['deep', 'deep/er', 'deep/er/report.txt'])
    expect((await stat(join(folder, path))).mode & 0o777 & ~(path.endsWith('txt') ? 0o644 : 0o755) & ~mask).toBe(0)
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
