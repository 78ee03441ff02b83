/** A worker: takes businesses' nights from the queue, and the report of a night when its last job is over. */

import type { BusinessConfig } from '../config/config.ts'
import { DatabaseFault, UsageFault } from '../core/errors.ts'
import { createProgress } from '../core/progress.ts'
import { newerRefused } from '../database/migrate.ts'
import type { Job, Result } from '../job.ts'
import type { LayerClient } from '../ledger/layer-api/client.ts'
import { eachBusiness, type Part } from '../night/business-runs.ts'
import { businessNight } from '../night/night.ts'
import { JOB } from '../night/notice.ts'
import { layerClientOf } from '../night/pull-step.ts'
import { queueScheduledNight } from '../night/queued.ts'
import { reportOfNight } from '../night/report.ts'
import { NIGHT_REPORT, NIGHTLY, type NightlyPayload, QUEUE_NIGHT } from '../queue/jobs.ts'
import { parseSchedule, runQueue, type Schedule, type Taken, type Tasks } from '../queue/queue.ts'

export interface WorkerFlags {
  /** a number, as given */
  concurrency?: string
  /** cron's five fields; true: the usual ones */
  schedule?: string | true
}

/** Five past two, as in the recipes; cron of the queue is in UTC. */
const USUAL_SCHEDULE = '5 2 * * *'
const MOST_AT_ONCE = 32
/** A job that is under way when the worker is told to stop may end for so long; then another worker begins it anew. */
const GRACE_MILLIS = 30_000
/** Businesses share a client, as they share Layer's token and rate limit; when Layer was down, a new one asks again. */
const CLIENT_MILLIS = 5 * 60_000

/** @throws UsageFault */
const askedOf = ({ concurrency = '2', schedule }: WorkerFlags): { concurrency: number; schedule: Schedule | null } => {
  const jobs = /^\d{1,2}$/.test(concurrency) ? Number(concurrency) : 0
  if (jobs < 1 || jobs > MOST_AT_ONCE)
    throw new UsageFault(`--concurrency ${concurrency}: expected how many jobs at once, 1 to ${MOST_AT_ONCE}`)
  if (schedule === undefined) return { concurrency: jobs, schedule: null }
  return { concurrency: jobs, schedule: parseSchedule(schedule === true ? USUAL_SCHEDULE : schedule) }
}

/** Connections to the database: three for each business at work, and a few for what is beside. */
export const connectionsOf = (flags: WorkerFlags): number => 4 + 3 * askedOf(flags).concurrency

/**
 * Takes jobs until it is told to stop. A job whose business failed is tried again later, by whoever is free; so is one
 * that is not through when the time for ending is up.
 */
export const worker = async (job: Job, flags: WorkerFlags): Promise<Result> => {
  const asked = askedOf(flags)
  const told = job.untilStopped()
  const endings = new Set<() => Promise<void>>()
  const tally = { done: 0, failed: 0 }
  let stopping = false
  const client = freshClient(job)
  const refuseNewer = await newerRefused()

  /** As a job of its own: what it leaves to be ended is forgotten with it, since a worker lives for months. */
  const within = async (
    night: { as_of: string; businesses: readonly BusinessConfig[] },
    work: (own: Job) => Promise<void>,
  ): Promise<void> => {
    const own_endings: (() => Promise<void>)[] = []
    const end = async (): Promise<void> => {
      for (const ending of own_endings.splice(0)) await ending().catch(() => undefined)
    }
    endings.add(end)
    const own: Job = {
      ...job,
      ...night,
      name: JOB,
      log: job.log.child({ as_of: night.as_of }),
      progress: createProgress(null),
      stopped: () => stopping,
      onEnd: (ending) => void own_endings.push(ending),
    }
    try {
      await refuseNewer(job.database)
      await work(own)
      tally.done += 1
    } catch (error) {
      tally.failed += 1
      throw error
    } finally {
      endings.delete(end)
    }
  }

  const businesses = new Map(job.config.businesses.map((business) => [business.id, business]))
  const tasks: Tasks = {
    [NIGHTLY]: (taken) => {
      const { business_id, as_of } = taken.payload as NightlyPayload
      const business = businesses.get(business_id)
      if (business === undefined) throw notConfigured(job, business_id)
      return within({ as_of, businesses: [business] }, (own) => takeNight(own, business, client, taken))
    },
    [NIGHT_REPORT]: ({ payload }) => reportOfNight(job, payload, within),
    [QUEUE_NIGHT]: ({ payload }) => queueScheduledNight(job, payload),
  }
  const queue = await runQueue(job.database, tasks, asked, job.log)
  job.log.info({ concurrency: asked.concurrency, schedule: flags.schedule !== undefined }, 'taking jobs')
  job.progress.step('taking jobs')
  const lost = job.database.lost.then((fault) => {
    throw fault
  })
  const stopped = await Promise.race([told.then(() => true), queue.ended.then(() => false), lost])
  if (!stopped) throw new DatabaseFault('the queue ended by itself: start the worker again')
  job.log.info('told to stop: taking no more jobs')
  if (!(await queue.stop(GRACE_MILLIS))) job.log.warn('what is under way is left to another worker')
  stopping = true
  for (const end of endings) await end()
  const { done, failed } = tally
  return { text: `${done} jobs done, ${failed} tries failed`, document: { command: job.name, done, failed } }
}

const notConfigured = ({ config }: Pick<Job, 'config'>, id: string): UsageFault =>
  new UsageFault(`business ${id} is queued, but not in ${config.path}: give every worker the same configuration`)

/**
 * One try of a business's night. What may heal (Layer, the network, another run at work on the business) fails the job,
 * which is then tried again. A refused file does not heal within the hour, so the job is done: the run's problem, status
 * and the report of the night say it, as they do where `nightly` exits with 4.
 */
const takeNight = async (
  job: Job,
  business: BusinessConfig,
  client: () => LayerClient,
  { attempt, attempts }: Taken,
): Promise<void> => {
  const log = job.log.child({ business_id: business.id })
  const later = await (await job.database.kysely())
    .selectFrom('reconciliation')
    .select('as_of')
    .where('business_id', '=', business.id)
    .where('as_of', '>', job.as_of)
    .executeTakeFirst()
  if (later !== undefined) {
    // Going back to an earlier night would show the business as of then until the next one.
    log.info('left out: a later night of this business went through')
    return
  }
  const started = performance.now()
  const parts: Part[] = []
  const [outcome] = await eachBusiness(job, async (_, own) => {
    const done = await businessNight(own, business, client)
    parts.push(...done.parts)
    return done
  })
  if (!outcome) throw new Error('the worker was told to stop')
  const seconds = Math.round((performance.now() - started) / 1000)
  if (outcome.result === null || parts.some(({ problem, lasting }) => problem !== null && !lasting)) {
    log.warn({ attempt, attempts, seconds }, attempt < attempts ? 'to be tried again' : 'given up')
    throw new Error(outcome.problems.join('; ') || 'stopped')
  }
  log.info({ outcome: outcome.outcome, seconds }, 'the night of this business is done')
}

/** A client that all share, and a new one from time to time: one that met a Layer that was down asks it no more. */
const freshClient = (job: Job): (() => LayerClient) => {
  let made: { client: LayerClient; at: number } | null = null
  return () => {
    if (made === null || performance.now() - made.at > CLIENT_MILLIS)
      made = { client: layerClientOf(job), at: performance.now() }
    return made.client
  }
}
