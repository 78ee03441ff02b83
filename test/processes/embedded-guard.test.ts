/** What the embedded server's folder may hold that Tieout did not put there, and who may reach the server. */

import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DatabaseFault } from '../../src/core/errors.ts'
import { openDatabase, openSession } from '../../src/database/connect.ts'
import { passwordOf } from '../../src/database/embedded/cluster.ts'
import { serverHome } from '../../src/database/embedded/server-home.ts'
import { quiet } from '../support/quiet.ts'

const isRoot = process.getuid?.() === 0

let data_dir: string
let victim: string
beforeEach(() => {
  data_dir = mkdtempSync('/tmp/tieout-guard-')
  victim = mkdtempSync('/tmp/tieout-victim-')
  chmodSync(data_dir, 0o755)
  writeFileSync(join(victim, 'precious'), 'precious-content\n')
  return () => {
    for (const folder of [data_dir, victim]) rmSync(folder, { recursive: true, force: true })
  }
})

const open = async () => await openDatabase({ url: null, data_dir }, quiet)

/** The owner and mode of a folder or file. */
const stateOf = (path: string): number[] => {
  const { uid, gid, mode } = statSync(path)
  return [uid, gid, mode]
}

let before: number[][]
const states = (): number[][] => [stateOf(victim), stateOf(join(victim, 'precious'))]
beforeEach(() => {
  before = states()
})
afterEach(() => {
  expect(states()).toEqual(before)
  expect(readFileSync(join(victim, 'precious'), 'utf8')).toBe('precious-content\n')
  expect(readdirSync(victim)).toEqual(['precious'])
})

async function expectRefused(place: string): Promise<void> {
  const fault = await open().catch((error: unknown) => error)
  expect(fault).toBeInstanceOf(DatabaseFault)
  expect(String(fault)).toContain(place)
  expect(String(fault)).toMatch(/Tieout did not make/)
  expect(String(fault)).not.toContain('precious-content')
}

test.runIf(isRoot)('a link in the place of the server folder is not followed by a job of root', async () => {
  symlinkSync(victim, join(data_dir, 'postgres'))
  await expectRefused(join(data_dir, 'postgres'))
})

test.runIf(isRoot)('a folder of that name with things of others in it is not given away', async () => {
  renameSync(join(victim, 'precious'), join(data_dir, 'precious'))
  mkdirSync(join(data_dir, 'postgres'))
  renameSync(join(data_dir, 'precious'), join(data_dir, 'postgres/precious'))
  await expectRefused(join(data_dir, 'postgres'))
  expect(statSync(join(data_dir, 'postgres')).uid).toBe(0)
  renameSync(join(data_dir, 'postgres/precious'), join(victim, 'precious'))
})

test.each(['cluster/password', 'cluster/data/PG_VERSION', 'cluster/data/pg_hba.conf', 'server.log'])(
  'a link in the place of %s is neither read, written nor given away',
  async (name) => {
    await (await open()).close()
    const path = join(serverHome(data_dir, quiet).folder, name)
    rmSync(path)
    symlinkSync(join(victim, 'precious'), path)
    await expectRefused(path)
  },
)

test('a second name of a file of others in the place of server.log is not written', async () => {
  await (await open()).close()
  const path = join(serverHome(data_dir, quiet).folder, 'server.log')
  rmSync(path)
  linkSync(join(victim, 'precious'), path)
  await expectRefused(path)
})

test('a pipe in the place of server.log is not waited for', async () => {
  await (await open()).close()
  const path = join(serverHome(data_dir, quiet).folder, 'server.log')
  rmSync(path)
  execFileSync('mkfifo', [path])
  await expectRefused(path)
})

test('the socket asks for the password, in a cluster of an earlier version too', async () => {
  await (await open()).close()
  const home = serverHome(data_dir, quiet)
  const rules = join(home.folder, 'cluster/data/pg_hba.conf')
  for (const earlier of [false, true]) {
    const text = readFileSync(rules, 'utf8')
    expect(text).toMatch(/^local +all +all +scram-sha-256$/m)
    if (earlier) writeFileSync(rules, text.replace(/^(local.*)scram-sha-256$/gm, '$1trust'))
    const database = await open()
    const { url } = database
    expect(url).toContain(passwordOf(home))
    for (const wrong of ['', ':a-guess']) {
      const stranger = openSession(url.replace(`:${passwordOf(home)}`, wrong))
      await expect(stranger).rejects.toThrow(/password/)
    }
    await database.close()
  }
})

test('the password is for the user of the job alone, under any umask', async () => {
  const mask = process.umask(0)
  try {
    await (await open()).close()
  } finally {
    process.umask(mask)
  }
  const { folder, user } = serverHome(data_dir, quiet)
  expect(stateOf(join(folder, 'cluster/password')).map((each, i) => (i === 2 ? each & 0o777 : each))).toEqual([
    process.getuid?.(),
    process.getgid?.(),
    0o600,
  ])
  expect(readdirSync(join(folder, 'cluster')).sort()).toEqual(['data', 'password'])
  for (const path of [folder, join(folder, 'cluster'), join(folder, 'cluster/data')]) {
    expect(statSync(path).mode & 0o777, path).toBe(0o700)
    expect(statSync(path).uid, path).toBe(user?.uid ?? process.getuid?.())
  }
  expect(statSync(join(folder, 'server.log')).mode & 0o777).toBe(0o600)
})
