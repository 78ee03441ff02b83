/** What a person at a terminal sees while long work goes on: one line on stderr, what is being done and for how long. */

import type { WriteStream } from 'node:tty'

export interface Progress {
  /** what is being done now; it stays until the next step */
  step(text: string): void
  /** how far it is, beside the step */
  note(text: string): void
  /** takes the line away, for a log line or the result; the next tick brings it back */
  clear(): void
  /** takes the line away for good */
  end(): void
}

/** What is needed of a terminal. */
export type Terminal = Pick<WriteStream, 'columns' | 'clearLine' | 'cursorTo' | 'write'>

const TICK = 250
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** Nothing where there is no terminal, or none that moves its cursor. */
export const createProgress = (terminal: Terminal | null): Progress => {
  if (!terminal) return { step: () => undefined, note: () => undefined, clear: () => undefined, end: () => undefined }
  let text = ''
  let noted = ''
  let since = 0
  let frame = 0
  let timer: NodeJS.Timeout | null = null
  const clear = (): void => {
    terminal.clearLine(0)
    terminal.cursorTo(0)
  }
  const draw = (): void => {
    const seconds = Math.floor((performance.now() - since) / 1000)
    const line = `${FRAMES[frame++ % FRAMES.length]} ${text}${noted === '' ? '' : `: ${noted}`}${seconds > 1 ? ` (${seconds} s)` : ''}`
    clear()
    terminal.write(line.slice(0, (terminal.columns || 80) - 1))
  }
  const stop = (): void => {
    if (timer) {
      clearInterval(timer)
      clear()
    }
    timer = null
  }
  return {
    step(next) {
      text = next
      noted = ''
      since = performance.now()
      timer ??= setInterval(draw, TICK).unref()
      draw()
    },
    note(next) {
      noted = next
    },
    clear: () => {
      if (timer) clear()
    },
    end: stop,
  }
}
