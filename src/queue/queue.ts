/** The queue: graphile-worker, with tables of its own beside ours (schema graphile_worker). Its only import. */

import { setTimeout as sleep } from 'node:timers/promises'
import {
  Logger,
  type ParsedCronItem,
  parseCronItem,
  type RunnerOptions,
  run,
  runMigrations,
  type TaskList,
} from 'graphile-worker'
import { UsageFault } from '../core/errors.ts'
import type { Database, DatabaseLog } from '../database/connect.ts'
import { explain } from '../database/explain.ts'
import { holdPresence, type Presence } from './heartbeat.ts'
import { ATTEMPTS, isStillTaken, NIGHTLY, QUEUE_NIGHT, SCHEDULE, sweepQueue } from './jobs.ts'

/** What a task is given of its job. */
export interface Taken {
  payload: unknown
  /** of this try, from 1 */
  attempt: number
  attempts: number
}

/** Task name -> what it does. What it throws is why the job is tried again. */
export type Tasks = Readonly<Record<string, (taken: Taken) => Promise<void>>>

export interface QueueOptions {
  /** jobs at once */
  concurrency: number
  /** null: somebody else queues the nights */
  schedule: Schedule | null
}

/** A schedule that can be kept. */
export type Schedule = ParsedCronItem

export interface QueueRun {
  /** rejects where the queue gave up, as when its database went away for good */
  ended: Promise<void>
  /** Takes no more jobs and waits for those under way, so long; then it lets go. Gives whether all came to their end. */
  stop(millis: number): Promise<boolean>
}

/** Nights that were missed while no worker ran are queued when one is back, for so long. */
const FILL_MILLIS = 7 * 24 * 3_600_000
/** How often new jobs are looked for that nobody announced: tries that are due again. */
const POLL_MILLIS = 1000
/** How often dead workers' jobs are given back: far below the five minutes that are promised. */
const SWEEP_MILLIS = 10_000
/** When a job is done, its row is gone a moment later. */
const AFTER_JOB_MILLIS = 200

/**
 * A schedule from the five fields of cron, in UTC.
 * @throws UsageFault
 */
export const parseSchedule = (fields: string): Schedule => {
  try {
    // one night after the other
    const options = { backfillPeriod: FILL_MILLIS, maxAttempts: ATTEMPTS, queueName: SCHEDULE }
    return parseCronItem({ task: QUEUE_NIGHT, match: fields, identifier: NIGHTLY, options })
  } catch (cause) {
    throw new UsageFault(
      `--schedule ${fields}: expected cron's five fields, minute hour day month weekday, such as "5 2 * * *"`,
      { cause },
    )
  }
}

const poolOf = (database: Database, most: number) => database.pool(most) as NonNullable<RunnerOptions['pgPool']>

/** Brings the queue's own tables up to date; safe when several start at once. */
export const installQueue = async (database: Database, log: DatabaseLog): Promise<void> => {
  const pool = poolOf(database, 2)
  try {
    await runMigrations({ pgPool: pool, logger: loggerOn(log) })
  } catch (error) {
    throw explain(error, 'installing the queue (schema graphile_worker)')
  } finally {
    await pool.end()
  }
}

/** Takes jobs until it is stopped. Its own tables are brought up to date first. */
export const runQueue = async (
  database: Database,
  tasks: Tasks,
  { concurrency, schedule }: QueueOptions,
  log: DatabaseLog,
): Promise<QueueRun> => {
  const presence = holdPresence(database, log)
  const sweep = sweeper(database, presence, log)
  // one listens, one sweeps up what was completed
  const pool = poolOf(database, concurrency + 3)
  const options: RunnerOptions = {
    pgPool: pool,
    concurrency,
    pollInterval: POLL_MILLIS,
    noHandleSignals: true,
    logger: loggerOn(log),
    taskList: tasksOn(database, presence, tasks, sweep.soon),
    // even where it is empty: else a file `crontab` of the working folder is read
    parsedCronItems: schedule === null ? [] : [schedule],
    preset: { plugins: [presencePlugin(presence)], worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
  }
  const runner = await run(options).catch(async (error: unknown) => {
    await presence.end()
    await pool.end()
    throw explain(error, 'starting the queue')
  })
  const ended = runner.promise.catch((error: unknown) => {
    throw explain(error, 'the queue')
  })
  ended.catch(() => undefined)
  return {
    ended,
    async stop(millis) {
      const stopped = runner.stop().then(
        () => true,
        () => true,
      )
      const all = await Promise.race([stopped, sleep(millis, false, { ref: false })])
      sweep.end()
      // Whose presence ends is as good as killed: the others take up what it leaves.
      await presence.end()
      if (all) await pool.end()
      return all
    },
  }
}

const tasksOn = (database: Database, presence: Presence, tasks: Tasks, done: () => void): TaskList =>
  Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      async (
        payload: unknown,
        { job }: { job: { id: string; attempts: number; max_attempts: number; locked_by: string | null } },
      ) => {
        try {
          await presence.renew()
          await task({ payload, attempt: job.attempts, attempts: job.max_attempts })
          // Completing a job that another worker has taken up would leave its business locked in the queue.
          if (!(await isStillTaken(database, job))) throw new Error('another worker has taken this job up meanwhile')
        } finally {
          done()
        }
      },
    ]),
  )

/** Before the first job is asked for, the worker is known to be alive. */
const presencePlugin = (presence: Presence): NonNullable<NonNullable<RunnerOptions['preset']>['plugins']>[number] => ({
  name: 'tieout-presence',
  version: '1.0.0',
  worker: { hooks: { startWorker: async (_ctx, { worker }) => await presence.take(worker.workerPool.id) } },
})

/** Gives back the jobs of dead workers, and lets the report of a night begin whose jobs are all over. */
const sweeper = (database: Database, presence: Presence, log: DatabaseLog): { soon: () => void; end: () => void } => {
  let sweeping = false
  const sweep = (): void => {
    if (sweeping) return
    sweeping = true
    // not without being alive itself
    void presence
      .renew()
      .then(() => sweepQueue(database))
      .then((released) => {
        for (const { worker_id, jobs } of released)
          log.warn({ worker_id, jobs }, 'a worker is gone: its jobs are taken up again')
      })
      .catch((error: unknown) => log.debug({ err: error }, 'sweeping the queue'))
      .finally(() => {
        sweeping = false
      })
  }
  const timer = setInterval(sweep, SWEEP_MILLIS)
  let after_job: NodeJS.Timeout | undefined
  sweep()
  return {
    soon() {
      // put off while one job after the other is done: only after a night's last does its report begin
      clearTimeout(after_job)
      after_job = setTimeout(sweep, AFTER_JOB_MILLIS)
    },
    end() {
      clearInterval(timer)
      clearTimeout(after_job)
    },
  }
}

/** What graphile-worker says is of use to who looks for a fault; of a job that failed, the job itself has told. */
const loggerOn = (log: DatabaseLog): Logger =>
  new Logger(() => (level, message, meta) => {
    const grave = ['error', 'warning'].includes(String(level)) && meta?.['failure'] !== true
    log[grave ? 'warn' : 'debug'](`queue: ${message}`)
  })
