import { describe, expect, it } from 'vitest'
import { createProgress, gaugeText, type Progress, sharedProgress, type Terminal } from '../../../src/core/progress.ts'

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

describe('the gauge', () => {
  it('shows a bar at once, and rate and time left when there is a rate', () => {
    expect(gaugeText(0, 50_000_000, 10)).toBe('[--------------------]   0 %')
    expect(gaugeText(10_000_000, 50_000_000, 1)).toBe('[####----------------]  20 %')
    expect(gaugeText(10_000_000, 50_000_000, 20)).toBe('[####----------------]  20 %, 0.5 MB/s, 80 s left')
    expect(gaugeText(10_000_000, 50_000_000, 60)).toBe('[####----------------]  20 %, 0.2 MB/s, 4 min left')
    expect(gaugeText(10_000_000, 50_000_000, 1800)).toBe('[####----------------]  20 %, 0.0 MB/s, 2 h 0 min left')
    expect(gaugeText(50_000_000, 50_000_000, 100)).toBe('[####################] 100 %, 0.5 MB/s, 0 s left')
    expect(gaugeText(0, 0, 100)).toBe('[####################] 100 %')
  })

  it('stands before the step', () => {
    const screen = terminal()
    const progress = createProgress(screen)
    progress.gauge(1, 4)
    progress.step('harbor 2026-07')
    expect(screen.shown()).toContain('[#####---------------]  25 %; harbor')
    progress.end()
  })
})

describe('two things done at the same time', () => {
  it('are told both, and the one that is through no more', () => {
    const lines: string[] = []
    let [step, note] = ['', '']
    const show = (): void => void lines.push(note === '' ? step : `${step} (${note})`)
    const terminal: Progress = {
      ...createProgress(null),
      step(text) {
        ;[step, note] = [text, '']
      },
      note(text) {
        note = text
        show()
      },
    }
    const [pulling, importing] = sharedProgress(terminal)
    pulling.step('pulling')
    importing.step('importing 3 files')
    pulling.note('250 refunds')
    importing.note('october.csv, line 90')
    pulling.step('')
    expect(lines).toEqual([
      'pulling',
      'pulling; importing 3 files',
      'pulling; importing 3 files (250 refunds)',
      'pulling; importing 3 files (250 refunds; october.csv, line 90)',
      'importing 3 files (october.csv, line 90)',
    ])
  })
})
