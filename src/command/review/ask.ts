/** Asks a person at the terminal. */

import { createInterface } from 'node:readline/promises'
import { UsageFault } from '../../core/errors.ts'

/**
 * Whether the person says yes to what is said; --yes answers for them.
 * @throws UsageFault where nobody can be asked
 */
export const isAgreed = async (said: string, yes: boolean): Promise<boolean> => {
  if (yes) return true
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new UsageFault(
      `${said}: nothing was decided, as there is no terminal to ask at; --yes decides without asking`,
    )
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(?:es)?$/i.test((await terminal.question(`${said}. Go on? [y/N] `)).trim())
  } finally {
    terminal.close()
  }
}
