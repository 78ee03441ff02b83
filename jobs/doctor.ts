/** `tieout doctor`: what is right and what is wrong with the set-up, and what to do about it. */

import { examine } from '../src/command/doctor.ts'
import { type Flags, runCommand } from '../src/job.ts'

export const doctor = (flags: Flags): Promise<void> =>
  runCommand('doctor', flags, async (command) => await examine(command))
