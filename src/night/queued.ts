/** Queues a night for the workers: a job for each business, and one for the report when all of them are over. */

import { UsageFault } from '../core/errors.ts'
import { parseInstant } from '../core/instant.ts'
import { counted } from '../core/words.ts'
import type { Job, Result } from '../job.ts'
import { enqueueNight, isNightPending, postponeNight } from '../queue/jobs.ts'
import { installQueue } from '../queue/queue.ts'

export const queueNight = async (job: Job): Promise<Result> => {
  const { as_of, businesses, database, flags } = job
  if (flags.exitCode === true)
    throw new UsageFault('--exit-code with --queue: nothing is found yet when a night is queued; ask `tieout status`')
  job.progress.step('queueing')
  await installQueue(database, job.log)
  const business_ids = businesses.map(({ id }) => id)
  const queued = new Set(await enqueueNight(database, { as_of, queued_at: job.now(), business_ids }))
  const before = businesses.length - queued.size
  return {
    text: [
      `Queued the night as of ${as_of} for ${counted(queued.size, 'business', 'businesses')}` +
        `${before === 0 ? '' : `; ${counted(before, 'was', 'were')} queued before`}. \`tieout worker\` does it.`,
      ...businesses.map(({ id, name }) => `  ${name}${queued.has(id) ? '' : ' (before)'}`),
    ].join('\n'),
    document: {
      schema: 'tieout.nightly-queued/1',
      command: job.name,
      as_of,
      queued: businesses.map(({ id, name }) => ({
        business_id: id,
        name,
        outcome: queued.has(id) ? 'queued' : 'already',
      })),
    },
  }
}

/**
 * Queues a night that the schedule asks for, as of the instant for which it was scheduled, for all businesses. Nights
 * are done one after the other: one that is not over yet, or was missed, is not overtaken.
 */
export const queueScheduledNight = async (job: Job, payload: unknown): Promise<void> => {
  const { as_of: again, _cron } = payload as { as_of?: string; _cron?: { ts: string } }
  const text = again ?? _cron?.ts ?? ''
  const as_of = parseInstant(text)?.instant ?? null
  if (as_of === null) throw new Error(`no instant to queue a night for: found '${text}'`)
  const { database, config, log } = job
  if (await isNightPending(database, as_of)) {
    log.info({ as_of }, 'the night before is not over yet: waiting for it')
    await postponeNight(database, as_of)
    return
  }
  const business_ids = config.businesses.map(({ id }) => id)
  const queued = await enqueueNight(database, { as_of, queued_at: job.now(), business_ids })
  log.info({ as_of, businesses: queued.length }, 'queued the night')
}
