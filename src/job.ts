/** Runs one command: configuration, log, signals, the one catch, the result on stdout, the exit code. */

import { setTimeout as sleep } from 'node:timers/promises'
import { createProgress, type Progress } from './command/progress.ts'
import { type BusinessConfig, type Config, loadConfig } from './config.ts'
import { type Database, openDatabase } from './database/connect.ts'
import { migrate } from './database/migrate.ts'
import { isFault, UsageFault } from './errors.ts'
import { parseInstant } from './instant.ts'
import { createLog, type Log, withoutSecrets } from './log.ts'
import { instantText } from './period.ts'
import { FORMAT_NAMES } from './processor/format-names.ts'

/** The flags that every command takes. */
export interface Flags {
  config: string
  /** ids or names; none: all */
  business?: readonly string[]
  asOf?: string
  json?: boolean
  quiet?: boolean
  verbose?: boolean
  /** exit 3 where errors are open */
  exitCode?: boolean
}

/** 0 done, 1 failed, 2 wrong usage or configuration, 3 open errors (with --exit-code), 4 partly failed. */
export type Exit = 0 | 1 | 2 | 3 | 4

/** What a command has to say. */
export interface Result {
  /** for people; lines, without the last line break. Already written where it is '' */
  text: string
  /** the one JSON document of --json; null where it is already written */
  document: object | null
  exit?: Exit
  /** how many errors are open, for --exit-code */
  open_errors?: number
}

export interface Command {
  flags: Flags
  log: Log
  progress: Progress
  /** the clock: UTC instant */
  now(): string
  /** what to end, last first, when the command is told to stop or is done */
  onEnd(work: () => Promise<void>): void
  /** for what runs until it is told to: being told is then its proper end */
  untilStopped(): Promise<void>
  /** whether it was told to stop: what breaks from then on is no news */
  stopped(): boolean
  /** texts that no output may show */
  hide(secrets: readonly string[]): void
}

/** A command with configuration and database. */
export interface Job extends Command, SetUp {
  name: string
  database: Database
}

/** The machine's clock and chance, for what has to wait and to vary its waiting. */
export const systemClock = {
  now: Date.now,
  sleep: async (milliseconds: number): Promise<void> => await sleep(milliseconds),
  random: Math.random,
}

/** How long ending may take before the process goes all the same. */
const ENDING_MILLIS = 15_000

/**
 * Runs a command to its exit code: writes its result, catches what it throws, ends cleanly on SIGINT and SIGTERM.
 * The only place that catches.
 */
export const runCommand = async (flags: Flags, work: (command: Command) => Promise<Result>): Promise<void> => {
  const endings: (() => Promise<void>)[] = []
  const secrets: string[] = []
  const terminal = process.stderr.isTTY && !flags.quiet ? process.stderr : null
  const progress = createProgress(flags.verbose ? null : terminal)
  const level = flags.verbose ? 'debug' : flags.quiet ? 'error' : terminal ? 'warn' : 'info'
  const write = (line: string): void => {
    progress.clear()
    process.stderr.write(line)
  }
  const log = createLog({ level, pretty: process.stderr.isTTY === true, secrets }, { write })
  let stopped = false
  const end = async (): Promise<void> => {
    const late = setTimeout(() => process.exit(process.exitCode ?? 1), ENDING_MILLIS).unref()
    for (const ending of endings.splice(0).reverse())
      await ending().catch((error) => log.debug({ err: error }, 'ending'))
    clearTimeout(late)
  }
  let finish: (() => void) | null = null
  const stop = (why: string): void => {
    if (finish) {
      // told once more, it ends at once
      const told = finish
      finish = null
      told()
      return
    }
    if (stopped) process.exit(1)
    stopped = true
    process.exitCode = 1
    if (why !== '') log.warn(`${why}: ending`)
    void end().then(() => process.exit(1))
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(signal))
  process.stdout.on('error', () => stop(''))

  try {
    const result = await work({
      flags,
      log,
      progress,
      now: () => instantText(Date.now()),
      onEnd: (ending) => void endings.push(ending),
      stopped: () => stopped,
      untilStopped: () =>
        new Promise((resolve) => {
          finish = resolve
        }),
      hide: (texts) => void secrets.push(...texts),
    })
    progress.end()
    print(flags, result)
    process.exitCode = exitOf(flags, result)
  } catch (error) {
    progress.end()
    if (!stopped) process.exitCode = complain(error, log, (text) => write(withoutSecrets(text, secrets)))
  }
  if (!stopped) await end()
  // A connection that a server keeps open must not keep a finished job waiting.
  setTimeout(() => process.exit(), 1000).unref()
}

const print = (flags: Flags, { text, document }: Result): void => {
  const said = flags.json ? (document === null ? '' : JSON.stringify(document, plainNumbers, 2)) : text
  if (said !== '') process.stdout.write(`${said}\n`)
}

/** Counts are bigints where they come from the database. */
const plainNumbers = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value)

const exitOf = (flags: Flags, { exit = 0, open_errors = 0 }: Result): Exit =>
  exit === 0 && flags.exitCode === true && open_errors > 0 ? 3 : exit

/** Says what went wrong: a fault in its own words, anything else with all that helps to find it. */
const complain = (error: unknown, log: Log, write: (line: string) => void): Exit => {
  if (error instanceof UsageFault) {
    write(`tieout: ${error.message}\n`)
    return error.exit
  }
  if (isFault(error)) {
    log.error({ code: error.code }, error.message)
    log.debug({ err: error }, 'cause')
    return error.exit
  }
  log.error({ err: error }, 'stopped by something that Tieout did not expect; nothing half done was kept')
  return 1
}

export interface JobOptions {
  /** what to do with what ends the job, before it is said; the database may be what failed */
  failed?: (set_up: SetUp & Pick<Command, 'log' | 'now'>, error: unknown) => Promise<void>
  /** apply migrations first, whatever the database */
  migrate?: boolean
  /** to the database, at once; left out: enough for one business after the other. May throw a UsageFault */
  connections?: () => number
}

/** The configuration that a command's flags name, with what they choose from it. */
export interface SetUp {
  config: Config
  /** those chosen, in the order of the configuration */
  businesses: readonly BusinessConfig[]
  /** the run's instant, UTC */
  as_of: string
}

/** Reads the configuration; from here on no output shows its secrets. */
export const readSetUp = (command: Command): SetUp => {
  const { flags } = command
  const config = loadConfig(flags.config, { formats: FORMAT_NAMES })
  command.hide(config.secrets)
  const as_of = instantOf(flags.asOf) ?? `${command.now().slice(0, 19)}Z`
  return { config, businesses: chosen(config, flags.business ?? []), as_of }
}

/** Runs a command that needs the configuration and the database. An embedded database is always brought up to date. */
export const runJob = (
  name: string,
  flags: Flags,
  work: (job: Job) => Promise<Result>,
  options: JobOptions = {},
): Promise<void> =>
  runCommand(flags, async (command) => {
    const set_up = readSetUp(command)
    const log = command.log.child({ job: name })
    const run = async (): Promise<Result> => {
      command.progress.step('opening the database')
      const connections = options.connections?.()
      const { data_dir, database: place } = set_up.config
      const database = await openDatabase({ url: place.url, data_dir, ...(connections ? { connections } : {}) }, log)
      command.onEnd(() => database.close())
      if (options.migrate || place.url === null) await migrate(database)
      return work({ ...command, ...set_up, log, name, database })
    }
    return run().catch(async (error: unknown) => {
      await options.failed?.({ ...set_up, log, now: command.now }, error)
      throw error
    })
  })

/** The businesses named by id or name; all where none is named. */
export const chosen = (config: Config, named: readonly string[]): readonly BusinessConfig[] => {
  const key = (text: string): string => text.trim().toLowerCase()
  const unknown = named.filter(
    (name) => !config.businesses.some(({ id, name: own }) => [id, key(own)].includes(key(name))),
  )
  if (unknown.length > 0) {
    const known = config.businesses.map(({ id, name }) => `${id} (${name})`).join(', ')
    throw new UsageFault(`--business ${unknown.join(', ')}: not in ${config.path}; there are ${known}`)
  }
  return named.length === 0
    ? config.businesses
    : config.businesses.filter(({ id, name: own }) => named.some((name) => [id, key(own)].includes(key(name))))
}

/** The one business that is meant where files are named. */
export const onlyBusiness = ({ businesses }: Pick<SetUp, 'businesses'>): BusinessConfig => {
  const [only] = businesses
  if (only && businesses.length === 1) return only
  throw new UsageFault(
    `which business? Say so with --business; there are ${businesses.map(({ id, name }) => `${id} (${name})`).join(', ')}`,
  )
}

const instantOf = (text: string | undefined): string | null => {
  if (text === undefined) return null
  const instant = parseInstant(text)?.instant ?? null
  if (instant === null) {
    throw new UsageFault(`--as-of ${text}: expected an instant such as 2026-11-03T06:00:00Z`)
  }
  return instant
}
