import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { chmod, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { DatabaseFault } from '../../src/core/errors.ts'
import { isAlive } from '../../src/core/whole-file.ts'
import { openDatabase } from '../../src/database/connect.ts'
import { readPostmaster } from '../../src/database/embedded/postmaster.ts'
import { serverHome } from '../../src/database/embedded/server-home.ts'
import { type Built, buildSource, type Job, runModule } from '../support/built.ts'
import { quiet } from '../support/quiet.ts'

let built: Built
let data_dir: string
let made: string
const jobs: Job[] = []

beforeAll(async () => {
  built = await buildSource()
  await takeFolder()
  await (await open()).close()
  made = data_dir
})
afterAll(async () => {
  await rm(made, { recursive: true, force: true })
})

async function takeFolder(): Promise<void> {
  data_dir = await mkdtemp('/tmp/tieout-embedded-')
  await chmod(data_dir, 0o755)
}

/** A data_dir in which a database was made, at the price of a copy. */
async function takeMade(): Promise<void> {
  await rm(data_dir, { recursive: true })
  execFileSync('cp', ['-a', made, data_dir])
}

beforeEach(takeFolder)
afterEach(async () => {
  for (const job of jobs.splice(0)) job.process.kill('SIGKILL')
  const left = pid()
  if (left !== null && isAlive(left)) process.kill(left, 'SIGKILL')
  await sleep(50)
  await rm(data_dir, { recursive: true, force: true })
})

const open = async () => await openDatabase({ url: null, data_dir }, quiet)
const pid = (): number | null => readPostmaster(serverHome(data_dir, quiet))?.pid ?? null

/** A job in a process of its own: opens the database, says so, then waits to be told or killed. */
function startJob(): Job {
  const job = runModule(
    built,
    `import { openDatabase } from './src/database/connect.js'
     const log = { debug() {}, info() {}, warn(fields, text) { console.error(text, fields) } }
     const database = await openDatabase({ url: null, data_dir: ${JSON.stringify(data_dir)} }, log)
     console.log('open')
     process.once('SIGTERM', async () => { await database.close(); process.exit(0) })
     setInterval(() => undefined, 1000)`,
  )
  jobs.push(job)
  return job
}

async function gone(process_id: number): Promise<boolean> {
  for (let tries = 0; tries < 200 && isAlive(process_id); tries += 1) await sleep(10)
  return !isAlive(process_id)
}

test('a job starts the server in its data_dir, in UTF-8 by code unit with checksums, and stops it when it is done', async () => {
  const database = await open()
  const server = pid()
  expect(server).not.toBeNull()
  const [row] = await database.query(`
    select current_setting('data_checksums') as checksums, datlocprovider as provider, datlocale as locale,
           pg_encoding_to_char(encoding) as encoding, current_setting('synchronous_commit') as commits,
           current_setting('jit') as jit, current_setting('TimeZone') as zone, current_setting('listen_addresses') as network,
           current_setting('application_name') as name
    from pg_database where datname = current_database()`)
  expect(row).toEqual({
    checksums: 'on',
    provider: 'b',
    locale: 'C.UTF-8',
    encoding: 'UTF8',
    commits: 'on',
    jit: 'off',
    zone: 'UTC',
    network: '',
    name: 'tieout',
  })
  await database.close()
  expect(pid()).toBeNull()
  expect(await gone(server ?? 0)).toBe(true)
})

test('a second start takes under two seconds and finds what was committed', async () => {
  await takeMade()
  const first = await open()
  await first.query('create table kept (amount bigint); insert into kept values (1250)')
  await first.close()
  const took: number[] = []
  for (let tries = 0; tries < 3; tries += 1) {
    const begin = performance.now()
    const second = await open()
    took.push(performance.now() - begin)
    expect(await second.query('select amount from kept')).toEqual([{ amount: 1250n }])
    await second.close()
  }
  expect(Math.min(...took)).toBeLessThan(2000)
})

test('six commands that start at once share one server, and the last one to end stops it', async () => {
  const others = [startJob(), startJob()]
  const databases = await Promise.all([open(), open(), open(), open()])
  expect(await Promise.all(others.map((job) => job.line()))).toEqual(['open', 'open'])
  const server = pid()
  const starts = await Promise.all(
    databases.map((database) => database.query('select pg_postmaster_start_time()::text as started')),
  )
  expect(new Set(starts.map((rows) => JSON.stringify(rows))).size).toBe(1)
  await Promise.all(databases.map((database) => database.close()))
  expect(pid()).toBe(server)
  for (const job of others) job.process.kill('SIGTERM')
  expect(await Promise.all(others.map((job) => job.ended))).toEqual([0, 0])
  expect(pid()).toBeNull()
})

test('a command that comes while the server is being stopped gets a server all the same', async () => {
  await takeMade()
  for (let round = 0; round < 5; round += 1) {
    const first = await open()
    const closing = first.close()
    await sleep(round * 4)
    const second = await open()
    expect(await second.query('select 1 as one')).toEqual([{ one: 1 }])
    await Promise.all([closing, second.close()])
    expect(pid()).toBeNull()
  }
})

test('a job that is killed leaves its server to the next one, which stops it', async () => {
  await takeMade()
  const job = startJob()
  expect(await job.line()).toBe('open')
  const server = pid()
  job.process.kill('SIGKILL')
  await job.ended
  const next = await open()
  expect(pid()).toBe(server)
  await next.close()
  expect(pid()).toBeNull()
})

test('a statement of a killed job is ended and its locks are free within seconds', async () => {
  await takeMade()
  const database = await open()
  const job = runModule(
    built,
    `import { openDatabase } from './src/database/connect.js'
     const log = { debug() {}, info() {}, warn() {} }
     const database = await openDatabase({ url: null, data_dir: ${JSON.stringify(data_dir)} }, log)
     await database.transaction(async (db) => {
       await db.query('select pg_advisory_xact_lock(7)')
       console.log('locked')
       await db.query('select pg_sleep(600)')
     })`,
  )
  jobs.push(job)
  expect(await job.line()).toBe('locked')
  job.process.kill('SIGKILL')
  const begin = performance.now()
  await database.query('select pg_advisory_lock(7)')
  expect(performance.now() - begin).toBeLessThan(10_000)
  await database.close()
})

test('after the server itself was killed everything committed is there', async () => {
  await takeMade()
  const first = await open()
  await first.query('create table kept (amount bigint); insert into kept values (99)')
  const server = pid() ?? 0
  process.kill(server, 'SIGKILL')
  await gone(server)
  // a backend may answer once more before it sees that its server is gone
  await vi.waitFor(async () => await expect(first.query('select 1')).rejects.toThrow(DatabaseFault), {
    timeout: 20_000,
  })
  await first.close()
  expect(pid()).toBe(server)
  const second = await open()
  expect(pid()).not.toBe(server)
  expect(await second.query('select amount from kept')).toEqual([{ amount: 99n }])
  await second.close()
})

test('a postmaster.pid whose number another process of the same user has got does not stop the start', async () => {
  await takeMade()
  const first = await open()
  const file = join(serverHome(data_dir, quiet).folder, 'cluster/data/postmaster.pid')
  const text = readFileSync(file, 'utf8')
  const { uid, gid } = statSync(file)
  await first.close()
  const stranger = spawn('/bin/sleep', ['600'], { uid, gid, stdio: 'ignore' })
  try {
    writeFileSync(file, text.replace(/^\d+/, String(stranger.pid)))
    const second = await open()
    expect(pid()).not.toBe(stranger.pid)
    await second.close()
  } finally {
    stranger.kill('SIGKILL')
  }
})

test('an empty postmaster.pid that a crash left does not stop the start', async () => {
  await takeMade()
  await (await open()).close()
  const file = join(serverHome(data_dir, quiet).folder, 'cluster/data/postmaster.pid')
  writeFileSync(file, '')
  utimesSync(file, 0, 0)
  const database = await open()
  expect(await database.query('select 1 as one')).toEqual([{ one: 1 }])
  await database.close()
})

test('a job killed while it makes the data folder leaves nothing that the next one stumbles over', async () => {
  const { folder } = serverHome(data_dir, quiet)
  const job = startJob()
  for (let tries = 0; tries < 500 && !readdirSync(folder).some((name) => name.startsWith('cluster.')); tries += 1) {
    await sleep(5)
  }
  await sleep(150)
  job.process.kill('SIGKILL')
  await job.ended
  expect(existsSync(join(folder, 'cluster'))).toBe(false)
  // initdb outlives the job for a moment; what it still writes is removed by a later run.
  for (let tries = 0; tries < 40; tries += 1) {
    await (await open()).close()
    if (!readdirSync(folder).some((name) => name.endsWith('.half'))) return
    await sleep(500)
  }
  expect.fail('the half-made folder is still there')
})

test('a data folder moved while a killed job left its server running is found again with its server', async () => {
  await takeMade()
  const job = startJob()
  await job.line()
  const server = pid()
  job.process.kill('SIGKILL')
  await job.ended
  const moved = `${data_dir}-moved`
  await rename(data_dir, moved)
  data_dir = moved
  const database = await open()
  expect(pid()).toBe(server)
  await database.close()
  expect(pid()).toBeNull()
})

test('a data_dir whose path is too long for a socket gets its socket in a short folder, removed at the end', async () => {
  const root = data_dir
  data_dir = join(data_dir, 'x'.repeat(60), 'y'.repeat(60))
  const database = await open()
  const found = readPostmaster(serverHome(data_dir, quiet))
  expect(found?.socket_folder).toMatch(/^\/tmp\/tieout-pg-\w+$/)
  expect(statSync(found?.socket_folder ?? '').mode & 0o777).toBe(0o700)
  await database.close()
  expect(existsSync(found?.socket_folder ?? '')).toBe(false)
  data_dir = root
})

test('a data folder of another Postgres version is refused with what to do', async () => {
  await takeMade()
  await (await open()).close()
  writeFileSync(join(serverHome(data_dir, quiet).folder, 'cluster/data/PG_VERSION'), '17\n')
  await expect(open()).rejects.toThrow(/made by Postgres 17, the embedded one is 18; .*database\.url/)
})

test('a server that cannot start says what its log says, and to mend it or set database.url', async () => {
  await takeMade()
  await (await open()).close()
  const { folder } = serverHome(data_dir, quiet)
  rmSync(join(folder, 'cluster/data/global'), { recursive: true })
  await expect(open()).rejects.toThrow(/does not start: .*server\.log says:.*set database\.url/s)
})

test('no statement and no row of it stands in the log of the server', async () => {
  await takeMade()
  const database = await open()
  await expect(database.query(`select 'SECRET-REFERENCE'::bigint`)).rejects.toThrow(DatabaseFault)
  await expect(
    database.query(`create table t (a int primary key); insert into t values (4711), (4711)`),
  ).rejects.toThrow()
  await database.close()
  const log = readFileSync(join(serverHome(data_dir, quiet).folder, 'server.log'), 'utf8')
  expect(log).not.toContain('4711')
  expect(log).not.toContain('select')
})

test('closing while a statement runs ends it at once and stops the server', async () => {
  await takeMade()
  const database = await open()
  const running = expect(database.transaction(async (db) => await db.query('select pg_sleep(600)'))).rejects.toThrow(
    DatabaseFault,
  )
  await sleep(100)
  const begin = performance.now()
  await Promise.all([database.close(), database.close()])
  await running
  expect(performance.now() - begin).toBeLessThan(5000)
  expect(pid()).toBeNull()
})

test.runIf(process.platform === 'linux')(
  'Ctrl-C reaches only the job: the server is in a process group of its own',
  async () => {
    await takeMade()
    const database = await open()
    const afterName = readFileSync(`/proc/${pid()}/stat`, 'utf8').split(') ')[1]?.split(' ')
    expect(afterName?.[2]).toBe(String(pid()))
    await database.close()
  },
)
