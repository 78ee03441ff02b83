/** `tieout completion bash|zsh|fish`: what makes a shell complete commands and flags. */

import { type Completed, completionScript, type Shell } from '../src/command/completion.ts'
import { type Flags, runCommand } from '../src/job.ts'

export const completion = (flags: Flags, shell: Shell, program: Completed): Promise<void> =>
  runCommand('completion', flags, async () => ({ text: completionScript(program, shell), document: null }))
