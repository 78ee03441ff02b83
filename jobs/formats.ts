/** `tieout formats [NAME]`: the report formats known, or one with its columns, signs and an example. */

import { formatsText, formatText } from '../src/command/format-catalogue.ts'
import { type Flags, runCommand } from '../src/job.ts'

export const formats = (flags: Flags, name: string | null): Promise<void> =>
  runCommand('formats', flags, async () => (name === null ? formatsText() : formatText(name)))
