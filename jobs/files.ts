/** `tieout files list | withdraw FILE... | cover FILE A..B`: what was imported, and what a person takes back or corrects of it. */

import { type FilesAction, type FilesFlags, files } from '../src/command/files.ts'
import { runJob } from '../src/job.ts'

export type { FilesAction }

export const handleFiles = (action: FilesAction, given: readonly string[], flags: FilesFlags): Promise<void> =>
  runJob('files', flags, (job) => files(job, action, given, flags))
