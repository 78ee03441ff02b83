/** `tieout doctor`: what is right and what is wrong with the set-up, and what to do about it. */

import { type DoctorFlags, examine } from '../src/command/doctor.ts'
import { runCommand } from '../src/job.ts'

export const doctor = (flags: DoctorFlags): Promise<void> =>
  runCommand('doctor', flags, async (command) => await examine(command, flags))
