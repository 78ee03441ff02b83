/** Runs one command: configuration, log, signals, the one catch, the result on stdout, the exit code. */

import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { readAddress } from './config/address.ts'
import { chooseBusinesses } from './config/business-choice.ts'
import { type BusinessConfig, type Config, loadConfig } from './config/config.ts'
import { errorDocument, isFault, UsageFault, usageText } from './core/errors.ts'
import { parseInstant } from './core/instant.ts'
import { createLog, type Log, withoutSecrets } from './core/log.ts'
import { type Output, openOutput, printJson } from './core/output.ts'
import { instantText } from './core/period.ts'
import { createProgress, type Progress } from './core/progress.ts'
import { visible } from './core/visible.ts'
import { type Database, openDatabase } from './database/connect.ts'
import { migrate, refuseNewer } from './database/migrate.ts'
import { FORMAT_NAMES } from './processor/formats/format-names.ts'

/** The flags that commands share; src/cli.ts says which command takes which. */
export interface Flags {
  /** the path of the configuration */
  config?: string
  /** ids, names, or parts of them; none: all businesses */
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
  /** the one JSON document of --json, without its `schema` where that is tieout.COMMAND/1; null where it is already written */
  document: object | null
  exit?: Exit
  /** how many errors are open, for --exit-code */
  open_errors?: number
}

export interface Command {
  /** as it is typed, such as 'corrections approve' */
  name: string
  flags: Flags
  log: Log
  /** stdout, for a result that is written piece by piece */
  stdout: Output
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
export const runCommand = async (
  name: string,
  flags: Flags,
  work: (command: Command) => Promise<Result>,
): Promise<void> => {
  // what is made, here or by a program that is started, is for nobody else to write, whatever the umask
  process.umask(process.umask() | 0o022)
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
  const stdout = openOutput()
  /** With --json, a failure is the document; unless a part of another one is written already. */
  const printFailure = ({ code, message, hint }: Failure): void => {
    if (!flags.json || stdout.has_begun) return
    const shown = (text: string): string => withoutSecrets(text, secrets)
    printJson(errorDocument({ code, message: shown(message), hint: hint === null ? null : shown(hint) }, name))
  }
  let stopped = false
  const end = async (): Promise<void> => {
    const late = setTimeout(() => process.exit(process.exitCode ?? 1), ENDING_MILLIS).unref()
    for (const ending of endings.splice(0).reverse())
      await ending().catch((error) => log.debug({ err: error }, 'ending'))
    clearTimeout(late)
  }
  let finish: (() => void) | null = null
  const stop = (why: string, exit: 1 | 4 = 1): void => {
    if (finish) {
      // a second signal ends the command at once
      const told = finish
      finish = null
      told()
      return
    }
    if (stopped) process.exit(1)
    stopped = true
    process.exitCode = exit
    if (why !== '') {
      log.warn(`${why}: ending`)
      printFailure({ code: 'STOPPED', message: `stopped by ${why}`, hint: null })
    }
    void end().then(() => process.exit(exit))
  }
  // what the runtime itself would print is not free of secrets, as an address that it does not like
  process.removeAllListeners('warning').on('warning', (warning) => log.debug({ err: warning }, 'warning'))
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, UNEXPECTED)
    process.exit(1)
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(signal))
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // a reader that has gone (`| head`) has all it wanted
    if (error.code === 'EPIPE') return stop('')
    log.error(`the result could not be written to the standard output: ${error.message}; what was done stands`)
    stop('', 4)
  })

  try {
    const result = await work({
      name,
      flags,
      log,
      progress,
      stdout: stdout.output,
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
    if (!stopped) {
      print(name, flags, result)
      process.exitCode = exitOf(flags, result)
    }
  } catch (error) {
    progress.end()
    if (!stopped) {
      const failure = failureOf(error)
      complain(error, failure, log, (text) => write(withoutSecrets(text, secrets)))
      printFailure(failure)
      process.exitCode = isFault(error) ? error.exit : 1
    }
  }
  if (!stopped) await end()
  // A connection that a server keeps open must not keep a finished job waiting.
  setTimeout(() => process.exit(), 1000).unref()
}

const print = (name: string, flags: Flags, { text, document }: Result): void => {
  if (!flags.json) {
    if (text !== '') process.stdout.write(`${visible(text)}\n`)
  } else if (document !== null) printJson({ schema: `tieout.${name}/1`, ...document })
}

const exitOf = (flags: Flags, { exit = 0, open_errors = 0 }: Result): Exit =>
  exit === 0 && flags.exitCode === true && open_errors > 0 ? 3 : exit

type Failure = Parameters<typeof errorDocument>[0]

const UNEXPECTED = 'stopped by something that Tieout did not expect; each step that was done before it stands whole'

const failureOf = (error: unknown): Failure => {
  if (isFault(error)) return error
  const found = error instanceof Error ? error.message : String(error)
  return { code: 'UNEXPECTED', message: `${UNEXPECTED}: ${found}`, hint: null }
}

/** Says what went wrong: a fault in its own words, anything else with all that helps to find it. */
const complain = (error: unknown, { code, message, hint }: Failure, log: Log, write: (line: string) => void): void => {
  if (error instanceof UsageFault) write(usageText(message, hint))
  else if (isFault(error)) {
    log.error({ code, ...(hint === null ? {} : { hint }) }, message)
    log.debug({ err: error }, 'cause')
  } else log.error({ err: error }, UNEXPECTED)
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
  const { config: path = '', business = [], asOf } = command.flags
  if (path.trim() === '')
    throw new UsageFault('--config (or TIEOUT_CONFIG): found nothing, expected the path of a file')
  const config = loadConfig(path, { formats: FORMAT_NAMES })
  command.hide(config.secrets)
  const as_of = instantOf(asOf) ?? `${command.now().slice(0, 19)}Z`
  return { config, businesses: chooseBusinesses(config, business), as_of }
}

/**
 * V8 else lets the heap grow to four times of what is in use before it collects: 50 to 90 MB more at the end of a large
 * night, for no less time (docs/developing/performance.md). Node 24 has its own rule and does not look at this.
 */
const HEAP_GROWTH = '--heap-growing-percent=100'

/** Runs a command that needs the configuration and the database. An embedded database is always brought up to date. */
export const runJob = (
  name: string,
  flags: Flags,
  work: (job: Job) => Promise<Result>,
  options: JobOptions = {},
): Promise<void> =>
  runCommand(name, flags, async (command) => {
    setFlagsFromString(HEAP_GROWTH)
    const set_up = readSetUp(command)
    const log = command.log.child({ job: name })
    const run = async (): Promise<Result> => {
      command.progress.step('opening the database')
      const connections = options.connections?.()
      const { data_dir, database: place } = set_up.config
      const database = await openDatabase({ url: place.url, data_dir, ...(connections ? { connections } : {}) }, log)
      command.onEnd(() => database.close())
      command.hide(readAddress(database.url)?.passwords ?? [])
      if (options.migrate || place.url === null) await migrate(database)
      else await refuseNewer(database)
      return work({ ...command, ...set_up, log, database })
    }
    return run().catch(async (error: unknown) => {
      await options.failed?.({ ...set_up, log, now: command.now }, error)
      throw error
    })
  })

const instantOf = (text: string | undefined): string | null => {
  if (text === undefined) return null
  const instant = parseInstant(text)?.instant ?? null
  if (instant === null) {
    throw new UsageFault(`--as-of ${text}: expected an instant such as 2026-11-03T06:00:00Z`)
  }
  return instant
}
