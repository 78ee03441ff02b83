/** The fault classes: a fault is thrown with a code, a sentence for a person and its cause, and caught once, in job.ts. */

import { visible } from './visible.ts'

/** What each exit code means. */
export const EXITS = {
  0: 'done',
  1: 'failed, or told to stop',
  2: 'wrong usage or configuration',
  3: 'done, but errors are open (only with --exit-code)',
  4: 'done for some businesses or files only, or a report or notice undelivered',
} as const

/** What exit code a fault leads to: failed, wrong usage or configuration, or done, but not delivered. */
type ExitCode = 1 | 2 | 4

interface FaultOptions extends ErrorOptions {
  /** what to do, where the message does not say it and the usual advice of the class is not good enough */
  hint?: string | null
}

abstract class Fault extends Error {
  abstract readonly code: keyof typeof ADVICE
  readonly exit: ExitCode = 1
  /** what this fault itself says about what to do; null: the usual advice of its class holds */
  readonly hint: string | null

  constructor(message: string, { hint = null, ...options }: FaultOptions = {}) {
    super(message, options)
    this.hint = hint
  }

  override get name(): string {
    return this.code
  }
}

/** Wrong usage of a command, or a tieout.yaml that cannot be used: the message lists every fault with its place. */
export class UsageFault extends Fault {
  readonly code = 'USAGE'
  override readonly exit = 2
}

/** The database cannot be reached, started or understood. */
export class DatabaseFault extends Fault {
  readonly code = 'DATABASE'
}

/** Layer did not give what was asked for; what was received so far stands as an incomplete pull. */
export class LayerFault extends Fault {
  readonly code = 'LAYER'
}

/** A processor file is refused whole: nothing of it was kept. */
export class FileFault extends Fault {
  readonly code = 'FILE'
}

/** A person's decision is refused, and nothing of it was written. */
export class ReviewFault extends Fault {
  readonly code = 'REVIEW'
}

/** A message did not go out; the night it is about stands. */
export class NotifyFault extends Fault {
  readonly code = 'NOTIFY'
}

/** A file could not be written: what was done before stands. */
export class DeliveryFault extends Fault {
  readonly code = 'DELIVERY'
  override readonly exit = 4
  /** the files that were written all the same */
  readonly written: readonly string[]

  constructor(message: string, { written = [], ...options }: FaultOptions & { written?: readonly string[] } = {}) {
    super(message, options)
    this.written = written
  }
}

/** Another run holds what this one needs. */
export class BusyFault extends Fault {
  readonly code = 'BUSY'
}

/** Whether an error is one of ours, with a message meant for people. */
export const isFault = (error: unknown): error is Fault => error instanceof Fault

/** What to do about a fault of each code; `command` is the one that met it, such as 'corrections approve'. */
const ADVICE = {
  USAGE: (command: string) => `\`tieout ${command === '' ? '' : `${command} `}--help\` lists what is possible`,
  DATABASE: () => '`tieout doctor` checks the database and says what to do',
  LAYER: () => '`tieout doctor` checks the connection to Layer and says what to do',
  FILE: () => '`tieout import --preview FILE` shows how a file is read',
  REVIEW: () => '`tieout review show ID` shows a finding with its history; then decide again',
  NOTIFY: () => 'check the section notify of the configuration',
  DELIVERY: () => 'make room, or correct the path or its permissions, then run it again',
  BUSY: () => 'wait until the other run is done, then run this one again',
  STOPPED: () => 'run it again: nothing half done was kept',
  UNEXPECTED: () => 'run it again with --verbose, and report what it says',
} as const satisfies Record<string, (command: string) => string>

/** A fault as a program reads it: the one document of --json. */
export interface ErrorDocument {
  schema: 'tieout.error/1'
  error: { code: string; message: string; hint: string }
}

export const errorDocument = (
  { code, message, hint }: { code: keyof typeof ADVICE; message: string; hint: string | null },
  command: string,
): ErrorDocument => ({
  schema: 'tieout.error/1',
  error: { code, message, hint: hint ?? ADVICE[code](command) },
})

/** What a person at a terminal is told of wrong usage: lines, each with its end. */
export const usageText = (message: string, hint: string | null): string =>
  visible(`tieout: ${message}\n${hint === null ? '' : `${hint}\n`}`)

/** The one document of --json, as it is printed. */
export const documentText = (document: ErrorDocument): string => `${visible(JSON.stringify(document, null, 2))}\n`
