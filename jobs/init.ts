/** `tieout init`: writes a commented tieout.yaml to start from. */

import { writeStartingConfig } from '../src/command/starting-config.ts'
import { type Flags, runCommand } from '../src/job.ts'

export const init = (flags: Flags): Promise<void> =>
  runCommand('init', flags, async () => writeStartingConfig(flags.config ?? ''))
