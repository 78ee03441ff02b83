/** `tieout sandbox`: a local Layer refunds API, with the demo's books or those of a seed file. */

import { type SandboxFlags, serveDemo } from '../src/demo/serve-demo.ts'
import { type Flags, runCommand } from '../src/job.ts'

export const sandbox = (flags: Flags & SandboxFlags): Promise<void> =>
  runCommand('sandbox', flags, async (command) => await serveDemo(command, flags))
