/** Tells of a night by the channels that the configuration names. What cannot be told fails no night, but is said. */

import { relative, sep } from 'node:path'
import type { Config } from '../config/config.ts'
import type { NotifyWhen } from '../config/notify.ts'
import { isFault } from '../core/errors.ts'
import { type Log, withoutSecrets } from '../core/log.ts'
import type { Database } from '../database/connect.ts'
import { ping, postWebhook, runProgram, sendMail } from './channels.ts'
import { keepNotices, readNotices } from './keep.ts'
import { type Night, type Summary, summaryOf, summaryOfFailure } from './summary.ts'

export type TellConfig = Pick<Config, 'notify' | 'data_dir' | 'secrets' | 'unset' | 'reports'>

export interface Told {
  channel: 'email' | 'webhook' | 'command' | 'ping'
  /** null: it went out */
  problem: string | null
}

/**
 * Tells of a night; gives what was told by which channel, and what could not be. `db` null: it cannot be asked.
 * A channel is used when the night failed or one before is missing; else always, on errors, or when something has
 * changed since it was last used, as it is configured. The ping goes out when the night went through.
 */
export const tellOfNight = async (
  db: Database | null,
  config: TellConfig,
  job: string,
  night: Night,
  log: Log,
): Promise<Told[]> => {
  const { notify } = config
  const links = linksOf(night.reports, config.reports)
  // read for the first channel: without any there is nobody to tell
  let read: Promise<Summary> | null = null
  const { told: before, failed: failedBefore } = await readNotices(config.data_dir)
  const told: Told[] = []
  const channel = async (
    name: 'email' | 'webhook' | 'command',
    when: NotifyWhen,
    send: (summary: Summary) => Promise<void>,
  ): Promise<void> => {
    read ??= readSummary(db, { ...night, reports: links }, job, notify.missed_after_hours, log)
    const summary = await read
    if (!isDue(when, summary, before[name])) return
    const problem = await attempt(() => send(summary), config.secrets)
    told.push({ channel: name, problem })
    if (problem === null) before[name] = summary.fingerprint
  }
  const { email, webhook, command } = notify
  if (email) await channel('email', email.when, (summary) => sendMail(email, summary, night.reports))
  if (webhook) await channel('webhook', webhook.when, (summary) => postWebhook(webhook, summary))
  if (command) await channel('command', command.when, (summary) => runProgram(command, summary, config.secrets))
  for (const { key, says } of config.unset) {
    if (key.startsWith('notify.')) told.push({ channel: key.slice('notify.'.length) as Told['channel'], problem: says })
  }
  const address = notify.ping
  if (address !== null && night.failure === null)
    told.push({ channel: 'ping', problem: await attempt(() => ping(address), config.secrets) })
  if (told.length > 0) {
    const failed = [
      ...failedBefore.filter((notice) => told.every(({ channel: name }) => name !== notice.channel)),
      ...told.flatMap(({ channel: name, problem }) =>
        problem === null ? [] : [{ channel: name, problem, as_of: night.as_of }],
      ),
    ]
    await keepNotices(config.data_dir, { told: before, failed }).catch((error: unknown) => {
      if (!isFault(error)) throw error
      log.warn(`${error.message}: what was told now is told again next time`)
    })
  }
  for (const { channel: name, problem } of told) {
    if (problem !== null) log.error({ channel: name }, `notify.${name}: ${problem}`)
  }
  return told
}

/** Where the reports are read: by the address of their folder where there is one, else by their paths. */
const linksOf = (paths: readonly string[], { dir, url }: TellConfig['reports']): string[] =>
  paths.map((path) => {
    const inside = relative(dir, path)
    if (url === null || inside.startsWith('..')) return path
    return [url, ...inside.split(sep).map(encodeURIComponent)].join('/')
  })

const TEST: Summary = {
  subject: 'Tieout: a test',
  parts: [{ lines: ['Sent by `tieout doctor --send-test`: nights are told by this channel.'] }],
  alarming: false,
  errors: false,
  fingerprint: '',
}

/** Sends a test by each channel that is configured, but for the ping: that would say that a night went through. */
export const sendTests = async ({ notify: { email, webhook, command }, secrets }: TellConfig): Promise<Told[]> => {
  const told: Told[] = []
  if (email) told.push({ channel: 'email', problem: await attempt(() => sendMail(email, TEST, []), secrets) })
  if (webhook) told.push({ channel: 'webhook', problem: await attempt(() => postWebhook(webhook, TEST), secrets) })
  if (command)
    told.push({ channel: 'command', problem: await attempt(() => runProgram(command, TEST, secrets), secrets) })
  return told
}

const isDue = (when: NotifyWhen, summary: Summary, last: string | undefined): boolean => {
  if (summary.alarming || when === 'always') return true
  return when === 'error' ? summary.errors : summary.fingerprint !== last
}

const readSummary = async (
  db: Database | null,
  night: Night,
  job: string,
  hours: number,
  log: Log,
): Promise<Summary> => {
  if (db === null) return summaryOfFailure(night)
  try {
    return await summaryOf(db, night, job, hours)
  } catch (error) {
    log.error({ err: error }, 'the summary of the night could not be read')
    return summaryOfFailure({ ...night, failure: night.failure ?? 'its summary could not be read' })
  }
}

const attempt = async (send: () => Promise<void>, secrets: readonly string[]): Promise<string | null> => {
  try {
    await send()
    return null
  } catch (error) {
    return withoutSecrets(error instanceof Error ? error.message : String(error), secrets)
  }
}
