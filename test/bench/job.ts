/** Jobs as a user runs them: `tieout ...` in a process of its own, in a folder with a tieout.yaml. */

import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench } from './bench.ts'
import type { BenchServer } from './server.ts'
import { type Run, secondsOf } from './timing.ts'

export const BUSINESS = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'
export const TOKEN = 'bench'
export const AS_OF = '2026-11-30T12:00:00Z'

/** Where things lie: the compiled folder, the folder of these sources, the repository. */
export interface Places {
  built: string
  sources: string
  root: string
}

/** A folder to work in, which goes when the measure is over. */
export interface Desk {
  readonly folder: string
  path(name: string): string
}

export async function openDesk({ atEnd }: Pick<Bench, 'atEnd'>): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'tieout-bench-desk-'))
  await mkdir(join(folder, 'inbox'))
  atEnd(async () => await rm(folder, { recursive: true, force: true }))
  return { folder, path: (name) => join(folder, name) }
}

/** Writes tieout.yaml: one business with Stripe. */
export async function configure(desk: Desk, database_url: string, layer_url = 'http://127.0.0.1:9'): Promise<void> {
  const text = [
    `database: {url: "${database_url}"}`,
    `layer: {base_url: "${layer_url}", token: ${TOKEN}}`,
    'businesses:',
    `  - id: ${BUSINESS}`,
    '    name: Harbor Coffee',
    '    currency: USD',
    '    time_zone: UTC',
    '    processors:',
    '      - {name: STRIPE, inbox: ["inbox/*.csv"], reference_columns: ["payment_metadata[order_id]"]}',
  ]
  await writeFile(desk.path('tieout.yaml'), `${text.join('\n')}\n`)
}

interface Peak {
  peak_mb: number
  cpu_seconds: number
}

/** Runs a program to its end; its output is shown only where it fails. One that runs until it is told to stop is told after `until`. */
export async function runProgram(
  program: string,
  words: readonly string[],
  cwd: string,
  { environment = {}, until }: { environment?: Record<string, string>; until?: () => Promise<void> } = {},
): Promise<{ seconds: number; stdout: string }> {
  let [stdout, stderr] = ['', '']
  const seconds = await secondsOf(
    async () =>
      await new Promise<void>((resolve, reject) => {
        const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment }
        const child = spawn(program, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          stdout += text
        })
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          stderr += text
        })
        child.once('error', reject)
        until?.().then(() => child.kill('SIGTERM'), reject)
        child.once('close', (code) =>
          code === 0 ? resolve() : reject(new Error(`${words.join(' ')} ended with ${code}: ${stderr}${stdout}`)),
        )
      }),
  )
  return { seconds, stdout }
}

export interface JobRun extends Run {
  /** what it says with --json */
  document: unknown
}

/**
 * Runs `tieout ...` to its end, start of the process included. Peak memory and CPU time are those that the process
 * itself notes when it ends; the server's are added. `as_of` is null for a command that takes none.
 */
export async function tieout(
  places: Places,
  server: BenchServer,
  desk: Desk,
  words: readonly string[],
  { as_of = AS_OF, until }: { as_of?: string | null; until?: () => Promise<void> } = {},
): Promise<JobRun> {
  const noted = desk.path('peak')
  rmSync(noted, { force: true })
  await server.settle()
  const before = await server.cpuSeconds()
  const { seconds, stdout } = await runProgram(
    process.execPath,
    [join(places.built, 'src/cli.js'), ...words, ...(as_of === null ? [] : ['--as-of', as_of]), '--json', '--quiet'],
    desk.folder,
    {
      environment: { TIEOUT_BENCH_PEAK: noted, NODE_OPTIONS: `--import=${join(places.sources, 'peak.mjs')}` },
      ...(until && { until }),
    },
  )
  const after = await server.cpuSeconds()
  const peaks = existsSync(noted) ? readFileSync(noted, 'utf8').trim().split('\n').map(peakOf) : []
  if (peaks.length === 0) throw new Error(`${words.join(' ')} noted no peak of its memory`)
  const own = peaks.reduce((sum, peak) => sum + peak.cpu_seconds, 0)
  return {
    seconds,
    // processes of the same job, if it starts any, are resident at the same time
    peak_mb: peaks.reduce((sum, peak) => sum + peak.peak_mb, 0),
    cpu_seconds: before === null || after === null ? null : own + after - before,
    document: stdout === '' ? null : JSON.parse(stdout),
  }
}

const peakOf = (line: string): Peak => {
  const peak: Peak = JSON.parse(line)
  return peak
}

/** Times work of the bench itself and of the server: what a job is compared with. Its connections must end with it. */
export async function timed(server: BenchServer, work: () => Promise<unknown>): Promise<Run> {
  await server.settle()
  const before = await server.cpuSeconds()
  const own = process.cpuUsage()
  const seconds = await secondsOf(work)
  const { user, system } = process.cpuUsage(own)
  const after = await server.cpuSeconds()
  const cpu_seconds = before === null || after === null ? null : (user + system) / 1e6 + after - before
  return { seconds, cpu_seconds, peak_mb: null }
}
