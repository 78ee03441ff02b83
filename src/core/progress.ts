/** What a person at a terminal sees while long work goes on: one line on stderr, what is being done and for how long. */

import type { WriteStream } from 'node:tty'
import { oneLine } from './visible.ts'

export interface Progress {
  /** what is being done now; it stays until the next step */
  step(text: string): void
  /** how far it is, beside the step */
  note(text: string): void
  /** how much of all there is has been done, in bytes: shows a bar, the rate since the first call and the time left */
  gauge(done: number, total: number): void
  /** takes the line away, for a log line or the result; the next tick brings it back */
  clear(): void
  /** takes the line away for good */
  end(): void
}

/** What is needed of a terminal. */
export type Terminal = Pick<WriteStream, 'columns' | 'clearLine' | 'cursorTo' | 'write'>

const TICK = 250
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

const SILENT: Progress = {
  step: () => undefined,
  note: () => undefined,
  gauge: () => undefined,
  clear: () => undefined,
  end: () => undefined,
}

const BAR = 20
/** Before that, a rate says little of what is to come. */
const SECONDS_FOR_A_RATE = 2

/** '[####----------------]  20 %, 1.2 MB/s, 2 min left' */
export const gaugeText = (done: number, total: number, seconds: number): string => {
  const share = total === 0 ? 1 : Math.min(1, done / total)
  const full = Math.floor(share * BAR)
  const bar = `[${'#'.repeat(full)}${'-'.repeat(BAR - full)}] ${String(Math.floor(share * 100)).padStart(3)} %`
  if (seconds < SECONDS_FOR_A_RATE || done === 0) return bar
  const rate = done / seconds
  return `${bar}, ${(rate / 1e6).toFixed(1)} MB/s, ${timeText(Math.max(0, total - done) / rate)} left`
}

const timeText = (seconds: number): string => {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Nothing where there is no terminal, or none that moves its cursor. */
export const createProgress = (terminal: Terminal | null): Progress => {
  if (!terminal) return SILENT
  let text = ''
  let noted = ''
  let since = 0
  let gauged: { done: number; total: number; since: number } | null = null
  let frame = 0
  let timer: NodeJS.Timeout | null = null
  const clear = (): void => {
    terminal.clearLine(0)
    terminal.cursorTo(0)
  }
  const draw = (): void => {
    const seconds = Math.floor((performance.now() - since) / 1000)
    const gauge = gauged ? `${gaugeText(gauged.done, gauged.total, (performance.now() - gauged.since) / 1000)}; ` : ''
    const line = `${FRAMES[frame++ % FRAMES.length]} ${gauge}${text}${noted === '' ? '' : `: ${noted}`}${seconds > 1 ? ` (${seconds} s)` : ''}`
    clear()
    terminal.write(oneLine(line).slice(0, (terminal.columns || 80) - 1))
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
    gauge(done, total) {
      gauged = { done, total, since: gauged?.since ?? performance.now() }
    },
    clear: () => {
      if (timer) clear()
    },
    end: stop,
  }
}

/** A progress for each of two things done at the same time: both are told, and one whose step is '' is through. */
export const sharedProgress = (progress: Progress): [Progress, Progress] => {
  const told = { step: ['', ''], note: ['', ''] }
  const both = (texts: readonly string[]): string => texts.filter((text) => text !== '').join('; ')
  const half = (place: 0 | 1): Progress => ({
    ...progress,
    step(text) {
      told.step[place] = text
      told.note[place] = ''
      progress.step(both(told.step))
      progress.note(both(told.note))
    },
    note(text) {
      told.note[place] = text
      progress.note(both(told.note))
    },
  })
  return [half(0), half(1)]
}
