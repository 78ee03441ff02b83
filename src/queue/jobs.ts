/**
 * What Tieout puts into the queue and asks of it, in graphile-worker's own SQL functions and its view of the jobs. A
 * night is a job per business, 'tieout-nightly AS_OF BUSINESS', and one for its report, 'tieout-night-report AS_OF', which waits
 * until all of these are over, done or dead; the jobs that are there are all that is remembered of a night.
 */

import type { Database, Db } from '../database/connect.ts'
import { presenceKeyOf } from './heartbeat.ts'

// Named after us, and nothing is done to other jobs: the database's owner may have a queue of this kind too.
export const NIGHTLY = 'tieout-nightly'
export const NIGHT_REPORT = 'tieout-night-report'
export const QUEUE_NIGHT = 'tieout-queue-night'
/** the queue of these: one after the other, in the order of the nights */
export const SCHEDULE = 'tieout schedule'

/**
 * Tries of a job. The pause after the nth is e^n seconds, so the last comes half an hour after the first: longer than
 * most failures of a network, and a night does not go on into the next.
 */
export const ATTEMPTS = 8

/** A business's job of a night. */
export interface NightlyPayload {
  business_id: string
  /** UTC, fixed when it was queued */
  as_of: string
}

/** What a report is of; of a night that was queued in parts there are several. */
export interface ReportPayload {
  as_of: string
  queued_at: string
  business_ids: readonly string[]
}

/** A job that was tried as often as it may be. */
export interface DeadJob {
  kind: 'business' | 'report' | 'schedule'
  as_of: string | null
  business_id: string | null
  attempts: number
  /** null: it never came to an end, as when each worker that took it was killed */
  problem: string | null
}

export interface QueueState {
  /** ready, or to be tried again */
  queued: bigint
  running: bigint
  /** reports that wait for the jobs of their night */
  waiting: bigint
  dead: DeadJob[]
}

/** A job of the view that is ours. */
const IS_OURS = `job.task_identifier in ('${NIGHTLY}', '${NIGHT_REPORT}', '${QUEUE_NIGHT}')`

/** A job of the view that counts as dead. */
const IS_DEAD = 'job.locked_at is null and job.attempts >= job.max_attempts'

/**
 * $1 keys, $2 payloads (JSON), $3 as_of. The same night twice is queued once, whether it waits or is under way. The nights of
 * one business are done one after the other, in a queue that it shares with each 256th: whoever takes a job locks every
 * queue for a moment, so a queue for each business would cost each job as much as there are businesses.
 */
const ADD_JOBS = `
  select job.key, job.revision = 0 as is_new
  from unnest($1::text[], $2::text[]) as asked (key, payload),
    graphile_worker.add_job(
      '${NIGHTLY}', asked.payload::json, queue_name => 'tieout businesses ' || right(asked.key, 2),
      run_at => least($3::timestamptz, now()), max_attempts => ${ATTEMPTS}, job_key => asked.key,
      job_key_mode => 'unsafe_dedupe') as job`

/** $1 key, $2 payload, a list: of a night that is already there, the businesses are added. It waits to be woken. */
const ADD_REPORT = `
  select from graphile_worker.add_job(
    '${NIGHT_REPORT}', $2::json, run_at => 'infinity', max_attempts => ${ATTEMPTS}, job_key => $1,
    job_key_mode => 'preserve_run_at')`

/** Removes dead jobs. */
const forgetWhere = (which: string): string => `
  select graphile_worker.complete_jobs(array_agg(job.id))
  from graphile_worker.jobs job
  where ${which} and ${IS_DEAD}
  having count(*) > 0`

/**
 * Queues a night: all of it or nothing. Gives the businesses that were queued; the others were before. A dead job of
 * the same night makes room for a new one.
 */
export const enqueueNight = (
  database: Database,
  { as_of, queued_at, business_ids }: ReportPayload,
): Promise<string[]> =>
  database.transaction(async (db) => {
    const keys = business_ids.map((business_id) => `${NIGHTLY} ${as_of} ${business_id}`)
    const payloads = business_ids.map((business_id): NightlyPayload => ({ business_id, as_of }))
    await db.query(forgetWhere('job.key = any ($1::text[])'), [[...keys, `${NIGHT_REPORT} ${as_of}`]])
    const texts = payloads.map((payload) => JSON.stringify(payload))
    const added = await db.query<{ key: string; is_new: boolean }>(ADD_JOBS, [keys, texts, as_of])
    const asked: ReportPayload[] = [{ as_of, queued_at, business_ids }]
    await db.query(ADD_REPORT, [`${NIGHT_REPORT} ${as_of}`, JSON.stringify(asked)])
    const queued = new Set(added.filter(({ is_new }) => is_new).map(({ key }) => key))
    return business_ids.filter((_, place) => queued.has(keys[place] ?? ''))
  })

/** Whether a night before this one has not been reported yet, and still can be. */
export const isNightPending = async (db: Db, as_of: string): Promise<boolean> => {
  const pending = await db.query(
    `select from graphile_worker.jobs job
     where job.task_identifier = '${NIGHT_REPORT}' and split_part(job.key, ' ', 2)::timestamptz < $1::timestamptz
       and not (${IS_DEAD})
     limit 1`,
    [as_of],
  )
  return pending.length > 0
}

/** Queues the queueing of a scheduled night once more, for a little later. */
export const postponeNight = async (db: Db, as_of: string): Promise<void> => {
  await db.query(
    `select from graphile_worker.add_job(
       '${QUEUE_NIGHT}', $1::json, queue_name => '${SCHEDULE}', run_at => now() + interval '10 seconds', max_attempts => ${ATTEMPTS},
       job_key => $2)`,
    [JSON.stringify({ as_of }), `${QUEUE_NIGHT} ${as_of}`],
  )
}

/** Dead nights of these businesses are of no interest once the night as of `as_of` went through for them. */
export const forgetDeadNights = async (db: Db, as_of: string, business_ids: readonly string[]): Promise<void> => {
  const which = `job.task_identifier = '${NIGHTLY}' and split_part(job.key, ' ', 3) = any ($2::text[])
    and split_part(job.key, ' ', 2)::timestamptz < $1::timestamptz`
  await db.query(forgetWhere(which), [as_of, business_ids])
}

/** Nor is a dead report once a later one was written. */
export const forgetDeadReports = async (db: Db): Promise<void> => {
  await db.query(forgetWhere(`job.task_identifier in ('${NIGHT_REPORT}', '${QUEUE_NIGHT}')`))
}

/** Why the jobs of a night are dead that are, by business. */
export const deadOfNight = async (db: Db, as_of: string): Promise<Map<string, string | null>> => {
  const rows = await db.query<{ business_id: string; problem: string | null }>(
    `select split_part(job.key, ' ', 3) as business_id, job.last_error as problem
     from graphile_worker.jobs job
     where job.key like $1 and ${IS_DEAD}`,
    [`${NIGHTLY} ${as_of} %`],
  )
  return new Map(rows.map(({ business_id, problem }) => [business_id, problem]))
}

/** Whether a job is still the one that a worker took. */
export const isStillTaken = async (
  db: Db,
  { id, attempts, locked_by }: { id: string; attempts: number; locked_by: string | null },
): Promise<boolean> => {
  const mine = await db.query(
    'select from graphile_worker.jobs where id = $1::bigint and attempts = $2 and locked_by = $3',
    [id, attempts, locked_by],
    'queue/is-still-taken',
  )
  return mine.length > 0
}

/** So often a job whose worker was killed goes before the others; after that, it may be what kills them. */
const FIRST_AGAIN = 3

/** Whoever holds jobs without being present, by the locks of src/queue/heartbeat.ts: the server's clock, and no other. */
const GONE = `
  select job.locked_by as worker_id, count(*) as jobs,
         coalesce(array_agg(job.id::text) filter (where job.attempts <= ${FIRST_AGAIN}), '{}') as first_again
  from graphile_worker.jobs job
  where ${IS_OURS}
    and job.locked_by is not null
    and not exists (
      select from pg_locks lock
      where lock.locktype = 'advisory' and lock.objsubid = 1 and lock.granted
        and lock.database = (select oid from pg_database where datname = current_database())
        and (lock.classid::bigint << 32) | lock.objid::bigint = ${presenceKeyOf('job.locked_by')}
    )
  group by job.locked_by`

const WAKE_REPORTS = `
  select graphile_worker.reschedule_jobs(array_agg(report.id), run_at => now())
  from graphile_worker.jobs report
  where report.task_identifier = '${NIGHT_REPORT}' and report.run_at = 'infinity' and report.locked_at is null
    and not exists (
      select from graphile_worker.jobs job
      where job.task_identifier = '${NIGHTLY}' and split_part(job.key, ' ', 2) = split_part(report.key, ' ', 2)
        and not (${IS_DEAD})
    )
  having count(*) > 0`

/**
 * Gives back the jobs of workers that are gone, and lets the report of a night begin whose jobs are all over. Any
 * worker does it, and it may be done at any time: there is nothing to remember.
 */
export const sweepQueue = async (db: Db): Promise<{ worker_id: string; jobs: bigint }[]> => {
  const gone = await db.query<{ worker_id: string; jobs: bigint; first_again: string[] }>(GONE)
  if (gone.length > 0) {
    const first_again = gone.flatMap((worker) => worker.first_again)
    await db.query('select graphile_worker.force_unlock_workers($1::text[])', [gone.map(({ worker_id }) => worker_id)])
    await db.query('select graphile_worker.reschedule_jobs($1::bigint[], priority => -1)', [first_again])
  }
  await db.query(WAKE_REPORTS)
  return gone
}

const DEAD = `
  select case job.task_identifier when '${NIGHTLY}' then 'business' when '${NIGHT_REPORT}' then 'report'
              else 'schedule' end as kind,
         nullif(split_part(job.key, ' ', 2), '') as as_of,
         nullif(split_part(job.key, ' ', 3), '') as business_id,
         job.attempts, job.last_error as problem
  from graphile_worker.jobs job
  where ${IS_OURS} and ${IS_DEAD}
  order by job.run_at, job.key collate "C"`

/** What the queue holds; null where there never was one. */
export const readQueue = async (db: Db): Promise<QueueState | null> => {
  const [installed] = await db.query<{ is: boolean }>(`select to_regclass('graphile_worker.jobs') is not null as is`)
  if (installed?.is !== true) return null
  const [counts] = await db.query<Omit<QueueState, 'dead'>>(
    `select count(*) filter (where job.locked_at is null and job.run_at < 'infinity' and not (${IS_DEAD})) as queued,
            count(*) filter (where job.locked_at is not null) as running,
            count(*) filter (where job.locked_at is null and job.run_at = 'infinity') as waiting
     from graphile_worker.jobs job
     where ${IS_OURS}`,
  )
  return { ...(counts ?? { queued: 0n, running: 0n, waiting: 0n }), dead: await db.query<DeadJob>(DEAD) }
}
