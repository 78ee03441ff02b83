import { describe, expect, it } from 'vitest'
import { createProgress, type Terminal } from '../../../src/command/progress.ts'

/** A terminal of 40 columns that keeps what its only line shows. */
const terminal = (): Terminal & { shown(): string } => {
  let line = ''
  return {
    columns: 40,
    clearLine: () => {
      line = ''
      return true
    },
    cursorTo: () => true,
    write: (text: string | Uint8Array) => {
      line += String(text)
      return true
    },
    shown: () => line,
  }
}

describe('progress on a terminal', () => {
  it('shows the step at once, in one line however long it is', () => {
    const screen = terminal()
    const progress = createProgress(screen)
    progress.step('Harbor Coffee: pulling refunds from Layer, all of them')
    expect(screen.shown()).toContain('Harbor Coffee: pulling refunds')
    expect(screen.shown().length).toBeLessThan(40)
    progress.end()
    expect(screen.shown()).toBe('')
  })

  it('makes room for a log line, and leaves nothing once it has ended', () => {
    const screen = terminal()
    const progress = createProgress(screen)
    progress.step('importing')
    progress.clear()
    expect(screen.shown()).toBe('')
    progress.end()
    progress.clear()
    expect(screen.shown()).toBe('')
  })

  it('is silent where there is no terminal', () => {
    const progress = createProgress(null)
    progress.step('importing')
    progress.note('line 1000')
    progress.end()
  })
})
