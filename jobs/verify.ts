/** `tieout verify FILE`: proves an exported close by itself, without a database. */

import { verifyFile } from '../src/command/verify-file.ts'
import { type Flags, runCommand } from '../src/job.ts'

export const verify = (file: string, flags: Flags): Promise<void> =>
  runCommand('verify', flags, async () => await verifyFile(file))
