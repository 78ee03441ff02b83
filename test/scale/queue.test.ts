import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Built, buildSource } from '../support/built.ts'
import { tieout } from '../support/command.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { settled } from '../support/harbor.ts'
import { hold } from '../support/hold.ts'
import { AS_OF, type ManyBusinesses, openMany } from '../support/many-businesses.ts'
import { factsOf, jobsLeft, openWorkers, type RunOfNight, runsOf, type Workers } from '../support/workers.ts'

let built: Built
let database: FreshDatabase
let many: ManyBusinesses
let workers: Workers

beforeAll(async () => {
  built = await buildSource()
})
beforeEach(async () => {
  database = await freshDatabase()
})
afterEach(async () => {
  await workers.close()
  await many.close()
  await database.close()
})

async function open(count: number): Promise<Record<string, string>> {
  many = await openMany(count)
  const environment = many.environment(database.url, 'queued')
  workers = openWorkers(built, many.folder, environment)
  return environment
}

const done = async (): Promise<boolean> => (await jobsLeft(database)) === 0

async function until(condition: () => Promise<boolean>, every: number, seconds: number): Promise<void> {
  const deadline = performance.now() + seconds * 1000
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${seconds} seconds: ${condition}`)
    await sleep(every)
  }
}

/** Seconds from the beginning of a run that was killed to the beginning of the next one of its business. */
const pauses = (runs: readonly RunOfNight[]): number[] =>
  runs.flatMap(({ business_id, outcome, started_at }, place) => {
    const next = runs.slice(place + 1).find((later) => later.business_id === business_id)
    return outcome === 'running' && next ? [(Date.parse(next.started_at) - Date.parse(started_at)) / 1000] : []
  })

/**
 * Exactly once means: what a night leaves (refunds and their versions, files, lines, matches, findings with effects and
 * history, tie-out, verdicts, the report) is there once and is what a process alone leaves, whatever was begun, killed
 * and begun anew on the way. Of the runs, each business has one that came to its end; a second is right only where a
 * worker was killed after the work was stored and before the queue was told.
 */
test('200 businesses by four workers, one killed every two seconds: each ends reconciled exactly once', async () => {
  const environment = await open(200)
  const alone = await freshDatabase()
  const own = many.environment(alone.url, 'alone')
  expect((await tieout(built, many.folder, ['nightly', '--as-of', AS_OF, '--quiet'], own)).code).toBe(0)

  const began = performance.now()
  expect((await tieout(built, many.folder, ['nightly', '--queue', '--as-of', AS_OF], environment)).code).toBe(0)
  for (let worker = 0; worker < 4; worker++) workers.add()
  const said: string[] = []
  let kills = 0
  for (;;) {
    await sleep(2000)
    // looked at before another is added: who has only begun to start is ended by SIGTERM as by SIGKILL
    if (await done()) break
    // Each in its turn, at whatever it is; where the machine is so busy that none has come to work yet, the next time.
    const [victim] = workers.proven()
    if (victim !== undefined) {
      said.push((await workers.kill(victim)).stderr)
      kills += 1
      workers.add()
    }
    if (performance.now() - began > 560_000)
      throw new Error(`after ${kills} kills ${await jobsLeft(database)} jobs are left: ${said.at(-1)}`)
  }
  const seconds = Math.round((performance.now() - began) / 1000)
  const ends = await workers.stop()
  expect(ends.map(({ code }) => code)).toEqual([0, 0, 0, 0])
  said.push(...ends.map(({ stderr }) => stderr))

  expect(settled(many.report('queued'))).toBe(settled(many.report('alone')))
  expect(await factsOf(database)).toEqual(await factsOf(alone))
  expect(new Set(many.told('queued'))).toEqual(new Set(many.told('alone')))
  const runs = await runsOf(database, AS_OF)
  const ended = runs.filter(({ outcome }) => outcome === 'done')
  expect(new Set(ended.map(({ business_id }) => business_id))).toEqual(new Set(many.ids))
  expect(ended.length - many.ids.length).toBeLessThanOrEqual(kills)
  expect(runs.filter(({ outcome }) => outcome === 'failed')).toEqual([])
  const taken_up = pauses(runs)
  expect(taken_up.length).toBeGreaterThan(0)
  expect(Math.max(...taken_up)).toBeLessThan(300)
  const words = said.join('').split('a worker is gone').length - 1
  console.log(
    `200 businesses, 4 workers: ${seconds} s, ${kills} kills, ${words} jobs' workers found gone, ${taken_up.length} runs` +
      ` begun anew, after ${Math.max(...taken_up).toFixed(1)} s at most; ${ended.length - many.ids.length} done twice`,
  )
  await alone.close()
})

test('a worker that hangs loses its job to another within five minutes, and does no harm when it goes on', async () => {
  const environment = await open(1)
  expect((await tieout(built, many.folder, ['nightly', '--queue', '--as-of', AS_OF], environment)).code).toBe(0)
  const held = await hold(database, 'lock table month_verdict in exclusive mode')
  const hanging = workers.add()
  await held.awaited()
  hanging.process.kill('SIGSTOP')
  await held.release()
  const began = performance.now()
  const other = workers.add()
  await Promise.race([
    other.says('a worker is gone: its jobs are taken up again'),
    sleep(300_000).then(() => expect.fail()),
  ])
  const seconds = Math.round((performance.now() - began) / 1000)
  // the hanging one still holds the business itself: the other tries until it is given back
  await other.says('another run is at work on this business')
  hanging.process.kill('SIGCONT')
  await until(done, 100, 120)
  const ends = await workers.stop()
  expect(ends.map(({ code }) => code)).toEqual([0, 0])

  const runs = await runsOf(database, AS_OF)
  expect(runs.at(-1)?.outcome).toBe('done')
  const alone = await freshDatabase()
  const own = many.environment(alone.url, 'alone')
  expect((await tieout(built, many.folder, ['nightly', '--as-of', AS_OF, '--quiet'], own)).code).toBe(0)
  expect(await factsOf(database)).toEqual(await factsOf(alone))
  expect(settled(many.report('queued'))).toBe(settled(many.report('alone')))
  console.log(`a worker that hangs: its job was another's after ${seconds} s`)
  await alone.close()
})

test('a business that another run is at work on is tried again until it is free', async () => {
  const environment = await open(1)
  expect((await tieout(built, many.folder, ['nightly', '--queue', '--as-of', AS_OF], environment)).code).toBe(0)
  const busy = await database.session()
  await busy.query(`select pg_advisory_lock(hashtextextended('tieout business ' || $1, 0))`, [many.ids[0]])
  const worker = workers.add()
  await worker.says('to be tried again')
  await busy.close()
  await until(done, 100, 120)
  expect((await runsOf(database, AS_OF)).map(({ outcome }) => outcome)).toEqual(['done'])
})

test('a worker told to stop in the midst of long work lets go of it after half a minute', async () => {
  const environment = await open(1)
  expect((await tieout(built, many.folder, ['nightly', '--queue', '--as-of', AS_OF], environment)).code).toBe(0)
  const held = await hold(database, 'lock table month_verdict in exclusive mode')
  const worker = workers.add()
  await held.awaited()
  const began = performance.now()
  const [ended] = await workers.stop()
  expect(ended?.code).toBe(0)
  expect(performance.now() - began).toBeLessThan(45_000)
  expect(ended?.stderr).toContain('what is under way is left to another worker')
  expect(ended?.stderr).not.toContain('"level":"error"')
  expect(worker.process.exitCode).toBe(0)
  await held.release()
  workers.add()
  await until(done, 100, 120)
  const runs = await runsOf(database, AS_OF)
  expect(runs.map(({ outcome }) => outcome)).toEqual(['failed', 'done'])
  expect(runs[0]?.problem).toBe('it was told to stop')
})

test('a business on which each worker was killed is given up, and the night is reported without it', async () => {
  const environment = await open(2)
  expect((await tieout(built, many.folder, ['nightly', '--queue', '--as-of', AS_OF], environment)).code).toBe(0)
  await database.query(
    `select graphile_worker.reschedule_jobs(array_agg(id), attempts => 7) from graphile_worker.jobs where key like '%' || $1`,
    [many.ids[0]],
  )
  const held = await hold(database, `lock table month_verdict in exclusive mode`)
  const victim = workers.add()
  await held.awaited()
  await until(async () => (await runsOf(database, AS_OF)).length === 2, 20, 60)
  await workers.kill(victim)
  await held.release()
  workers.add()
  await until(async () => (await jobsLeft(database)) === 1, 100, 120)
  const status = await tieout(built, many.folder, ['status'], environment)
  expect(status.stdout).toContain(`Business 0 as of ${AS_OF}: it was killed each time it was tried`)
  expect(many.told('queued')).toHaveLength(1)
  expect(many.told('queued')[0]).toContain('attention')
})

test('idle workers live through the loss of their connections; those at work end with 1, and others go on', async () => {
  const environment = await open(4)
  const queue = ['nightly', '--queue', '--as-of', AS_OF]
  for (const worker of [workers.add(), workers.add()]) await worker.says('taking jobs')
  const lose =
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'
  const session = await database.session()
  await session.query(lose)
  expect((await tieout(built, many.folder, queue, environment)).code).toBe(0)
  await until(async () => (await runsOf(session, AS_OF)).length > 0, 20, 60)
  const at_work = [...workers.running]
  await session.query(lose)
  const codes: (number | null)[] = []
  for (const worker of at_work) {
    void worker.ended.then(({ code }) => {
      codes.push(code)
      if (code === 1) workers.again(worker)
    })
  }
  await until(async () => (await jobsLeft(session)) === 0, 100, 180)
  expect(codes.filter((code) => code !== 1)).toEqual([])
  const ended = (await runsOf(session, AS_OF)).filter(({ outcome }) => outcome === 'done')
  await session.close()
  expect(new Set(ended.map(({ business_id }) => business_id))).toEqual(new Set(many.ids))
  expect(workers.running).toHaveLength(2)
  expect((await workers.stop()).map(({ code }) => code)).toEqual([0, 0])
})
