/** `tieout sandbox`: the demo's refunds, served as Layer's API would serve them. */

import { serveDemo } from '../src/demo/serve-demo.ts'
import { type Flags, runCommand } from '../src/job.ts'

export const sandbox = (flags: Flags & { port: string; token: string }): Promise<void> =>
  runCommand(flags, async (command) => await serveDemo(command, flags.port, flags.token))
