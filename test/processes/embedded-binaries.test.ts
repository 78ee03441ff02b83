import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs'
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DatabaseFault } from '../../src/core/errors.ts'
import { openDatabase } from '../../src/database/connect.ts'
import { packageFolder, usableBinaries } from '../../src/database/embedded/binaries.ts'
import { ensureCluster, passwordOf } from '../../src/database/embedded/cluster.ts'
import { launch } from '../../src/database/embedded/launch.ts'
import { readPostmaster, serverUrl } from '../../src/database/embedded/postmaster.ts'
import { serverHome } from '../../src/database/embedded/server-home.ts'
import { canEnter, serverUser } from '../../src/database/embedded/server-user.ts'
import { buildSource, runModule } from '../support/built.ts'
import { quiet } from '../support/quiet.ts'

const isRoot = process.getuid?.() === 0
const isLinux = process.platform === 'linux'
const NOBODY = { uid: 65534, gid: 65534 }
/** Another user can run this checkout: neither it nor Node lies in a closed home. */
const othersCanRun = isRoot && canEnter(import.meta.dirname, NOBODY) && canEnter(dirname(process.execPath), NOBODY)

let folder: string
beforeEach(async () => {
  folder = await mkdtemp('/tmp/tieout-binaries-')
  await chmod(folder, 0o755)
})
afterEach(async () => await rm(folder, { recursive: true, force: true }))

/** A copy of the installed package without the links that its install script would have made. */
function packageWithoutLinks(into: string): string {
  const installed = packageFolder() ?? ''
  mkdirSync(dirname(into), { recursive: true })
  cpSync(installed, into, { recursive: true, verbatimSymlinks: true })
  const links: { target: string }[] = JSON.parse(readFileSync(join(into, 'native/pg-symlinks.json'), 'utf8'))
  for (const { target } of links) rmSync(join(into, target), { force: true })
  return into
}

const versionOf = (program: string): string => execFileSync(program, ['--version'], { encoding: 'utf8' })

test.runIf(isLinux)('links that no install script made are made in the package', async () => {
  const copy = packageWithoutLinks(join(folder, 'package'))
  const home = serverHome(join(folder, 'kept'), quiet)
  const binaries = await usableBinaries(home, quiet, copy)
  expect(binaries.initdb).toBe(join(copy, 'native/bin/initdb'))
  expect(versionOf(binaries.initdb)).toContain('18.')
})

test.runIf(isRoot)(
  'a checkout in a home closed to the server user: the programs are copied beside its files',
  async () => {
    const closed = join(folder, 'home')
    const copy = packageWithoutLinks(join(closed, 'package'))
    await chmod(closed, 0o700)
    const home = serverHome(join(folder, 'kept'), quiet)
    const binaries = await usableBinaries(home, quiet, copy)
    expect(dirname(binaries.initdb)).toMatch(/\/kept\/postgres\/programs-18\.[^/]*\/native\/bin$/)
    expect(await usableBinaries(home, quiet, copy)).toEqual(binaries)
    await ensureCluster(home, binaries)
    expect(existsSync(join(home.folder, 'cluster/data/PG_VERSION'))).toBe(true)
  },
)

test.runIf(othersCanRun)(
  'an ordinary user with a node_modules he may not write gets copies with the links made',
  async () => {
    const built = await buildSource()
    const copy = packageWithoutLinks(join(folder, 'package'))
    const kept = join(folder, 'kept')
    mkdirSync(kept)
    await chown(kept, NOBODY.uid, NOBODY.gid)
    const job = runModule(
      built,
      `import { usableBinaries } from './src/database/embedded/binaries.js'
     import { serverHome } from './src/database/embedded/server-home.js'
     const log = { debug() {}, info() {}, warn() {} }
     const found = await usableBinaries(serverHome(${JSON.stringify(kept)}, log), log, ${JSON.stringify(copy)})
     console.log(found.initdb)`,
      NOBODY,
    )
    const initdb = await job.line()
    expect(initdb).toContain('/kept/postgres/programs-')
    expect(versionOf(initdb ?? '')).toContain('18.')
    expect(existsSync(join(copy, 'native/lib/libpq.so.5'))).toBe(false)
  },
)

test.runIf(isRoot)('a job run by root serves the database as another user, who owns its files', async () => {
  const database = await openDatabase({ url: null, data_dir: folder }, quiet)
  const { folder: home, user } = serverHome(folder, quiet)
  expect(user?.uid).toBeGreaterThan(0)
  expect(statSync(home).uid).toBe(user?.uid)
  expect(statSync(home).mode & 0o777).toBe(0o700)
  await database.close()
})

test.runIf(isRoot)(
  'a data_dir in a home closed to the server user: its files lie outside, found through a link',
  async () => {
    const closed = join(folder, 'home')
    mkdirSync(closed, { mode: 0o700 })
    const data_dir = join(closed, '.tieout')
    const database = await openDatabase({ url: null, data_dir }, quiet)
    const outside = realpathSync(join(data_dir, 'postgres'))
    try {
      expect(lstatSync(join(data_dir, 'postgres')).isSymbolicLink()).toBe(true)
      expect(outside).toMatch(/^\/var\/lib\/tieout\/[0-9a-f]{16}$/)
      await database.query('create table kept (amount bigint)')
      await database.close()
      const again = await openDatabase({ url: null, data_dir }, quiet)
      expect(await again.query('select * from kept')).toEqual([])
      await again.close()
      rmSync(outside, { recursive: true })
      await expect(openDatabase({ url: null, data_dir }, quiet)).rejects.toThrow(/leads nowhere.*remove the link/)
    } finally {
      await database.close()
      rmSync(outside, { recursive: true, force: true })
    }
  },
)

test.runIf(othersCanRun)(
  'the files of another user are not touched by an ordinary job, which is told whose they are',
  async () => {
    const built = await buildSource()
    await (await openDatabase({ url: null, data_dir: folder }, quiet)).close()
    await chown(join(folder, 'postgres'), 1, 1)
    const job = runModule(
      built,
      `import { openDatabase } from './src/database/connect.js'
     const log = { debug() {}, info() {}, warn() {} }
     await openDatabase({ url: null, data_dir: ${JSON.stringify(folder)} }, log).catch((fault) => console.log(fault.code, fault.message))`,
      NOBODY,
    )
    expect(await job.line()).toMatch(/^DATABASE .*belongs to user 1, this job runs as 65534.*set database\.url$/)
  },
)

test('a platform without binaries is told to set database.url', async () => {
  expect(packageFolder('sunos', 'sparc')).toBeNull()
  const home = serverHome(folder, quiet)
  await expect(usableBinaries(home, quiet, null)).rejects.toThrow(
    /no embedded Postgres for this platform.*set database\.url/,
  )
})

test('programs that do not run on this machine lead to a sentence that says why and to set database.url', async () => {
  const broken = join(folder, 'package')
  mkdirSync(join(broken, 'native/bin'), { recursive: true })
  cpSync(join(packageFolder() ?? '', 'package.json'), join(broken, 'package.json'))
  const home = serverHome(join(folder, 'kept'), quiet)
  await expect(usableBinaries(home, quiet, broken)).rejects.toThrow(/does not run.*ENOENT.*set database\.url/)
})

test('where no Unix socket is to be had the server listens on a loopback port and asks for the password', async () => {
  const home = serverHome(folder, quiet)
  const binaries = await usableBinaries(home, quiet)
  await ensureCluster(home, binaries)
  await launch(home, binaries, null)
  const database = await openDatabase({ url: null, data_dir: folder }, quiet)
  const found = readPostmaster(home)
  expect(found?.socket_folder).toBe('')
  const url = found === null ? '' : (serverUrl(home, found) ?? '')
  expect(url).toContain(passwordOf(home))
  const refused = await openDatabase(
    { url: url.replace(passwordOf(home), 'a-wrong-secret'), data_dir: '' },
    quiet,
  ).catch((fault: unknown) => fault)
  expect(refused).toBeInstanceOf(DatabaseFault)
  expect(String(refused)).toMatch(/password authentication failed.*correct user and password in database\.url/)
  expect(String(refused)).not.toContain('a-wrong-secret')
  await database.close()
  expect(readPostmaster(home)).toBeNull()
})

const PASSWD = `root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
postgres:x:70:70::/var/lib/postgresql:/bin/sh
nobody:x:65534:65534:nobody:/:/sbin/nologin
clerk:x:1000:1000::/home/clerk:/bin/sh
`

test('root takes uid 65534 where it has an entry, else a known name, else says what is missing', () => {
  expect(serverUser([], 0, PASSWD)).toEqual({ uid: 65534, gid: 65534 })
  expect(serverUser([], 0, PASSWD.replace(/^nobody.*\n/m, ''))).toEqual({ uid: 70, gid: 70 })
  expect(
    serverUser([], 0, 'root:x:0:0::/root:/bin/sh\nnobody:*:-2:-2::/:/bin/false\ndaemon:*:1:1::/:/bin/false\n'),
  ).toEqual({
    uid: 1,
    gid: 1,
  })
  expect(() => serverUser([], 0, 'root:x:0:0::/root:/bin/sh\n')).toThrow(
    /\/etc\/passwd names no other user.*database\.url/,
  )
})

test('an ordinary user serves as himself', () => {
  expect(serverUser([folder], 1000, PASSWD)).toBeNull()
})

test.runIf(isRoot)('data made by a user who has no entry here are served as that user', async () => {
  await (await openDatabase({ url: null, data_dir: folder }, quiet)).close()
  execFileSync('chown', ['-R', '4242:4242', folder])
  const database = await openDatabase({ url: null, data_dir: folder }, quiet)
  expect(serverHome(folder, quiet).user).toEqual({ uid: 4242, gid: 4242 })
  await database.close()
})

test.runIf(isRoot)('root serves as the owner of the folder that is there already', async () => {
  await chown(folder, 1000, 1000)
  expect(serverUser([folder], 0, PASSWD)).toEqual({ uid: 1000, gid: 1000 })
  await chown(folder, 1001, 1001)
  expect(serverUser([folder], 0, PASSWD)).toEqual({ uid: 65534, gid: 65534 })
})

test('a folder may be entered only where every folder above it may', async () => {
  const inner = join(folder, 'home/kept')
  mkdirSync(inner, { recursive: true })
  await chmod(join(folder, 'home'), 0o700)
  expect(canEnter(inner, { uid: 4242, gid: 4242 })).toBe(false)
  expect(canEnter(inner, { uid: statSync(inner).uid, gid: 4242 })).toBe(true)
  await chmod(join(folder, 'home'), 0o711)
  expect(canEnter(inner, { uid: 4242, gid: 4242 })).toBe(true)
})
