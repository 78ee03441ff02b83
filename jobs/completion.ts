/** `tieout completion bash|zsh|fish`: what makes a shell complete commands, flags and, by `businesses`, the names of these. */

import { type Completed, completionScript, type Shell } from '../src/command/completion.ts'
import { type Flags, readSetUp, runCommand } from '../src/job.ts'

export const completion = (flags: Flags, of: Shell | 'businesses', program: Completed): Promise<void> =>
  runCommand('completion', flags, async (command) => {
    const names = (): string =>
      readSetUp(command)
        .businesses.map(({ name }) => name)
        .join('\n')
    return { text: of === 'businesses' ? names() : completionScript(program, of), document: null }
  })
