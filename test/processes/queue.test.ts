import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Built, buildSource } from '../support/built.ts'
import { type Ended, tieout } from '../support/command.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { settled } from '../support/harbor.ts'
import { hold } from '../support/hold.ts'
import { AS_OF, type ManyBusinesses, openMany } from '../support/many-businesses.ts'
import { until } from '../support/until.ts'
import { factsOf, jobsLeft, openWorkers, runsOf, type Workers } from '../support/workers.ts'

let built: Built
let many: ManyBusinesses
let database: FreshDatabase
let environment: Record<string, string>
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

async function open(count: number): Promise<void> {
  many = await openMany(count)
  environment = many.environment(database.url, 'queued')
  workers = openWorkers(built, many.folder, environment)
}

const run = (...words: string[]): Promise<Ended> => tieout(built, many.folder, words, environment)
const queue = (...words: string[]): Promise<Ended> =>
  run('nightly', '--queue', ...(words.includes('--as-of') ? [] : ['--as-of', AS_OF]), ...words)
const allDone = (): Promise<void> => until(async () => (await jobsLeft(database)) === 0)

describe('a night that is queued', () => {
  it('is for each business what a nightly alone makes of it, with one report, though workers are killed', async () => {
    await open(12)
    const alone = await freshDatabase()
    const own = many.environment(alone.url, 'alone')
    expect((await tieout(built, many.folder, ['nightly', '--as-of', AS_OF], own)).code).toBe(0)

    const queued = await queue('--json')
    expect(queued.code).toBe(0)
    expect(JSON.parse(queued.stdout)).toMatchObject({
      as_of: AS_OF,
      queued: many.ids.map(() => ({ outcome: 'queued' })),
    })
    for (let kill = 0; kill < 2; kill++) {
      const held = await hold(database, 'lock table month_verdict in exclusive mode')
      const [victim] = [workers.add(), workers.add()]
      await held.awaited()
      await workers.kill(victim)
      await held.release()
    }
    await allDone()
    const ends = await workers.stop()
    expect(ends.map(({ code }) => code)).toEqual([0, 0])
    expect(ends.map(({ stderr }) => stderr).join()).toContain('a worker is gone: its jobs are taken up again')

    expect(settled(many.report('queued'))).toBe(settled(many.report('alone')))
    expect(await factsOf(database)).toEqual(await factsOf(alone))
    expect(many.told('queued')).toEqual(many.told('alone'))
    const runs = await runsOf(database, AS_OF)
    const done = runs.filter(({ outcome }) => outcome === 'done').map(({ business_id }) => business_id)
    expect(done.sort()).toEqual(many.ids)
    expect(runs.filter(({ outcome }) => outcome === 'failed')).toEqual([])
    await alone.close()
  })

  it('is queued once: the same night again adds nothing, a business more is added to it', async () => {
    await open(3)
    const [first = '', second = '', third = ''] = many.ids
    await queue('--business', first, '--business', second)
    const again = await queue('--business', second, '--business', third)
    expect(again.stdout).toContain('for 1 business; 1 was queued before')
    expect(await jobsLeft(database)).toBe(4)
    const state = JSON.parse((await run('status', '--json')).stdout)
    expect(state.queue).toEqual({ queued: 3, running: 0, waiting: 1, dead: [] })
    workers.add()
    await allDone()
    expect(many.told('queued')).toHaveLength(1)
    expect(JSON.parse(many.report('queued')).scope.businesses).toHaveLength(3)
    expect(await runsOf(database, AS_OF)).toHaveLength(3)
  })

  it('asks for nothing that only a nightly can give', async () => {
    await open(1)
    expect((await queue('--exit-code')).code).toBe(2)
    expect((await run('worker', '--as-of', AS_OF)).code).toBe(2)
    expect((await run('worker', '--concurrency', 'many')).stderr).toContain('expected how many jobs at once, 1 to 32')
    expect((await run('worker', '--schedule', 'at night')).stderr).toContain('minute hour day month weekday')
  })
})

describe('a business that fails', () => {
  it('is tried again, and what it waited for is told once it went through', async () => {
    await open(1)
    many.layer.setFault({ fault: 'expired-token', count: Number.POSITIVE_INFINITY, delay_ms: 0 })
    await queue()
    workers.add()
    await until(async () => (await runsOf(database, AS_OF)).some(({ outcome }) => outcome === 'failed'))
    many.layer.setFault(null)
    await allDone()
    const runs = await runsOf(database, AS_OF)
    expect(runs.at(-1)).toMatchObject({ outcome: 'done', problem: null })
    expect(many.told('queued')).toHaveLength(1)
  })

  it('is given up in the end: status says why, and the others are reported', async () => {
    await open(2)
    await queue()
    await database.query(
      `select graphile_worker.reschedule_jobs(array_agg(id), attempts => 7) from graphile_worker.jobs
       where key like '%' || $1`,
      [many.ids[1]],
    )
    await database.query(`alter table reconciliation add check (business_id <> '${many.ids[1]}')`)
    workers.add()
    await until(() => many.told('queued').length > 0)
    await until(async () => (await jobsLeft(database)) === 1)
    const status = await run('status')
    expect(status.stdout).toContain('Queue: 0 queued, 0 under way, 0 reports to come, 1 given up')
    expect(status.stdout).toContain(`GIVEN UP after 8 tries: Business 1 as of ${AS_OF}: `)
    expect(many.told('queued')[0]).toContain('attention')
    const report = JSON.parse(many.report('queued'))
    expect(report.verdicts.map((line: { business_id: string }) => line.business_id)).toContain(many.ids[0])

    await database.query('alter table reconciliation drop constraint reconciliation_business_id_check')
    await queue('--business', many.ids[1] ?? '')
    await allDone()
    expect((await run('status')).stdout).toContain('0 given up')
  })

  it('that was given up is so no more when a later night went through for it, whatever became of others', async () => {
    await open(3)
    await queue()
    await database.query(
      `select graphile_worker.reschedule_jobs(array_agg(id), attempts => 7) from graphile_worker.jobs
       where key like '%' || $1 or key like '%' || $2`,
      many.ids.slice(1),
    )
    const refuse = (place: number, name: string) =>
      database.query(`alter table reconciliation add constraint ${name} check (business_id <> '${many.ids[place]}')`)
    await refuse(1, 'refused_1')
    await refuse(2, 'refused_2')
    workers.add()
    await until(() => many.told('queued').length > 0)
    expect((await run('status')).stdout).toContain('2 given up')

    await database.query('alter table reconciliation drop constraint refused_1')
    await queue('--as-of', '2026-11-04T11:00:00Z', '--business', many.ids[0] ?? '')
    await until(() => many.told('queued').length > 1)
    expect((await run('status')).stdout).toContain('2 given up')
    await queue('--as-of', '2026-11-04T11:00:00Z', '--business', many.ids[1] ?? '')
    await until(async () => (await jobsLeft(database)) === 1)
    const { stdout } = await run('status')
    expect(stdout).toContain('1 given up')
    expect(stdout).toContain(`GIVEN UP after 8 tries: Business 2 as of ${AS_OF}: `)
  })

  it('is not tried again for a file that stays what it is; the night is done and tells of it', async () => {
    await open(1)
    many.arrives(0, 'notes.csv', 'Dear all,\nplease find the file attached.\n')
    await queue()
    workers.add()
    await allDone()
    const runs = await runsOf(database, AS_OF)
    expect(runs.map(({ outcome }) => outcome)).toEqual(['failed'])
    expect(runs[0]?.problem).toContain('notes.csv')
    expect(many.told('queued')[0]).toContain('attention')
  })
})

describe('a worker', () => {
  it('told to stop (SIGTERM) ends what is under way, and leaves the rest to others', async () => {
    await open(4)
    await queue()
    const held = await hold(database, 'lock table month_verdict in exclusive mode')
    const worker = workers.add('--concurrency', '1')
    await held.awaited()
    const stopped = workers.stop()
    await worker.says('told to stop')
    await held.release()
    const [ended] = await stopped
    expect(ended?.code).toBe(0)
    expect(ended?.stdout).toBe('1 jobs done, 0 tries failed\n')
    expect(await jobsLeft(database)).toBe(4)
    workers.add()
    await allDone()
    expect((await runsOf(database, AS_OF)).map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done', 'done'])
  })

  it('keeps the schedule: nights that were missed are made up for in their order, as of their own instants', async () => {
    await open(2)
    // a schedule that was kept until the day before yesterday
    const day = 24 * 3_600_000
    const at = new Date(Date.now() - 3_600_000)
    const night = (before: number): string => `${new Date(at.getTime() - before * day).toISOString().slice(0, 16)}:00Z`
    await queue()
    await allQueuedAway()
    await database.query(
      `insert into graphile_worker._private_known_crontabs (identifier, known_since, last_execution)
       values ('tieout-nightly', now() - interval '9 days', $1)`,
      [night(2)],
    )
    const worker = workers.add('--schedule', `${at.getUTCMinutes()} ${at.getUTCHours()} * * *`)
    await until(() => many.hasReport('queued', night(0)))
    await allDone()
    expect(many.hasReport('queued', night(1))).toBe(true)
    expect(many.hasReport('queued', night(2))).toBe(false)
    for (const before of [1, 0]) {
      expect((await runsOf(database, night(before))).map(({ outcome }) => outcome)).toEqual(['done', 'done'])
    }
    expect(many.told('queued')).toHaveLength(2)
    expect(worker.process.exitCode).toBe(null)
  })
})

/** Takes the queue's jobs away, so that it is installed and empty. */
async function allQueuedAway(): Promise<void> {
  await database.query('select graphile_worker.complete_jobs(array_agg(id)) from graphile_worker.jobs')
}

describe('status', () => {
  it('says nothing of a queue where there never was one', async () => {
    await open(1)
    expect((await run('status')).stdout).not.toContain('Queue')
    expect(JSON.parse((await run('status', '--json')).stdout).queue).toBe(null)
  })
})
