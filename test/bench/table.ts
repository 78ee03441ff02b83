/** What was measured: one JSON, one table. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { median, type Run } from './timing.ts'

/** No job may take more, whatever the size. */
const MOST_MB = 300

export interface Line {
  measure: string
  size: number
  seconds: number
  against: string
  against_seconds: number
  ratio: number
  /** of the ratio; null: stated only */
  at_most: number | null
  /** of the ratio and the memory, where they have bounds */
  within: boolean
  /** of the job's process, in the worst of its runs; null: no process of its own */
  peak_mb: number | null
  /** each run, in order: seconds, and CPU seconds of process and server together where they are known */
  runs: Run[]
  against_runs: Run[]
}

/** A line that could not be measured, and why. */
export interface Skipped {
  measure: string
  size: number
  skipped: string
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000
const middle = (runs: readonly Run[]): number => rounded(median(runs.map(({ seconds }) => seconds)))

export interface Compared {
  measure: string
  size: number
  jobs: readonly Run[]
  against: string
  bases: readonly Run[]
  at_most: number | null
}

export function lineOf({ jobs, bases, ...line }: Compared): Line {
  const [seconds, against_seconds] = [middle(jobs), middle(bases)]
  const ratio = rounded(seconds / against_seconds)
  const peaks = jobs.flatMap(({ peak_mb }) => peak_mb ?? [])
  const peak_mb = peaks.length === 0 ? null : Math.round(Math.max(...peaks))
  const within = ratio <= (line.at_most ?? Number.POSITIVE_INFINITY) && (peak_mb ?? 0) <= MOST_MB
  const exact = (run: Run): Run => ({
    seconds: rounded(run.seconds),
    cpu_seconds: run.cpu_seconds === null ? null : rounded(run.cpu_seconds),
    peak_mb: run.peak_mb === null ? null : Math.round(run.peak_mb),
  })
  return {
    ...{ measure: line.measure, size: line.size, seconds, against: line.against, against_seconds, ratio },
    ...{ at_most: line.at_most, within, peak_mb, runs: jobs.map(exact), against_runs: bases.map(exact) },
  }
}

const HEAD = ['measure', 'size', 'seconds', 'against', 'seconds', 'ratio', 'at most', 'within?', 'peak MB']

function cellsOf(line: Line | Skipped): string[] {
  if ('skipped' in line)
    return [line.measure, line.size.toLocaleString('en'), '-', line.skipped, '-', '-', '-', '-', '-']
  const bounded = line.at_most !== null || line.peak_mb !== null
  return [
    line.measure,
    line.size.toLocaleString('en'),
    line.seconds.toFixed(2),
    line.against,
    line.against_seconds.toFixed(2),
    line.ratio.toFixed(2),
    line.at_most?.toFixed(2) ?? '-',
    bounded ? (line.within ? 'yes' : 'no') : '-',
    line.peak_mb === null ? '-' : `${line.peak_mb}`,
  ]
}

const WORDS = new Set([0, 3])

/** The table, with figures to the right. Medians; the bound of memory holds for all lines. */
export function tableOf(lines: readonly (Line | Skipped)[]): string {
  const rows = [HEAD, ...lines.map(cellsOf)]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const text = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        WORDS.has(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()
  const rule = widths.map((width) => '-'.repeat(width)).join('  ')
  const [head = '', ...rest] = rows.map(text)
  const note = `Seconds (or what the measure names) are medians of runs by turns (each in the JSON); peak MB: resident memory of the job, at most ${MOST_MB}.`
  return [head, rule, ...rest, '', note].join('\n')
}

/** How many statements a run sends, a line each. */
export const statementsOf = (statements: Readonly<Record<string, number>>, at_most: number): string =>
  Object.entries(statements)
    .map(([run, number]) => `${run}: ${number} statements${number > at_most ? `, at most ${at_most} expected` : ''}\n`)
    .join('')

/** Writes bench/bench.json, which git ignores; gives its path. */
export function writeLines(
  root: string,
  machine: object,
  lines: readonly (Line | Skipped)[],
  statements: Readonly<Record<string, number>>,
): string {
  const folder = join(root, 'bench')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'bench.json')
  const here = { cores: cpus().length, memory_gb: Math.round(totalmem() / 2 ** 30), node: process.version, ...machine }
  writeFileSync(path, `${JSON.stringify({ machine: here, measures: lines, statements }, null, 2)}\n`)
  return path
}
