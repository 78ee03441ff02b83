/** `tieout demo`: the whole of it on made-up records: sandbox, files, embedded Postgres, reports. */

import { runDemo } from '../src/demo/run-demo.ts'
import { type Flags, runCommand } from '../src/job.ts'

export const demo = (flags: Flags & { keep: string }): Promise<void> =>
  runCommand('demo', flags, async (command) => await runDemo(command, flags.keep))
