/** The fault classes: a fault is thrown with a code, a sentence for a person and its cause, and caught once, in job.ts. */

/** What exit code a fault leads to: 1 failed, 2 wrong usage or configuration. */
export type ExitCode = 1 | 2

abstract class Fault extends Error {
  abstract readonly code: string
  readonly exit: ExitCode = 1
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

/** A message did not go out; the night it is about stands. */
export class NotifyFault extends Fault {
  readonly code = 'NOTIFY'
}

/** Another run holds what this one needs. */
export class BusyFault extends Fault {
  readonly code = 'BUSY'
}

/** Whether an error is one of ours, with a message meant for people. */
export const isFault = (error: unknown): error is Fault => error instanceof Fault
