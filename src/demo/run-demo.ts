/** `tieout demo`: three nights of Harbor Coffee through the real path, HTTP, inbox, Postgres, reports, and its month end. */

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { type Config, loadConfig } from '../config/config.ts'
import { UsageFault } from '../core/errors.ts'
import { openDatabase } from '../database/connect.ts'
import { migrate } from '../database/migrate.ts'
import { statement } from '../database/statement.ts'
import type { Command, Exit, Job, Result } from '../job.ts'
import { night } from '../night/night.ts'
import { FORMAT_NAMES } from '../processor/formats/format-names.ts'
import { writeReports } from '../report/reports.ts'
import { startSandbox } from '../sandbox/server.ts'
import { DEMO_CONFIG, FIRST_LINE, SANDBOX_TOKEN } from './demo-config.ts'
import { demoNights, type Night } from './files.ts'
import { closeOctober } from './month-end.ts'

/** What the sandbox serves, as it was on the last night. */
const SEED_FILE = 'layer/seed.json'

/**
 * Makes the folder, runs two nights, lets two people close October, runs a third night and shows its report.
 * @throws UsageFault where the folder holds a tieout.yaml that no demo made
 */
export const runDemo = async (command: Command, named: string): Promise<Result> => {
  const folder = resolve(named)
  const path = makeFolder(folder)
  const config = loadConfig(path, { formats: FORMAT_NAMES }, {})
  command.progress.step('starting Postgres')
  const database = await openDatabase({ url: null, data_dir: config.data_dir }, command.log)
  command.onEnd(() => database.close())
  await database.query(statement('demo/forget'))
  await migrate(database)

  let exit: Exit = 0
  let reports: string[] = []
  let as_of = ''
  const nights = demoNights()
  for (const each of nights) {
    writeFiles(folder, each)
    const layer = await startSandbox({ seed: each.seed, port: 0, token: SANDBOX_TOKEN })
    command.onEnd(layer.close)
    const there: Config = { ...config, layer: { ...config.layer, base_url: layer.url } }
    const log = command.log.child({ job: 'nightly', as_of: each.as_of })
    as_of = each.as_of
    const job: Job = { ...command, log, name: 'nightly', config: there, businesses: config.businesses, as_of, database }
    const ended = await night(job)
    exit = ended.exit ?? exit
    reports = ended.reports
    await layer.close()
    if (each === nights[1]) await closeOctober(job)
  }
  const business_ids = config.businesses.map((business) => business.id)
  command.progress.end()
  if (!command.flags.json) {
    const request = {
      as_of,
      generated_at: command.now(),
      formats: ['text'] as const,
      output: null,
      from: null,
      to: null,
      business_ids,
    }
    await writeReports(database, config, { ...request, stdout: process.stdout })
  }
  return { text: closing(folder, reports), document: { folder, as_of, reports }, exit }
}

/** Writes tieout.yaml and clears away what an earlier demo put beside it. */
const makeFolder = (folder: string): string => {
  const path = join(folder, 'tieout.yaml')
  if (existsSync(path) && !readFileSync(path, 'utf8').startsWith(FIRST_LINE)) {
    throw new UsageFault(`${path} was not made by a demo and is left alone; name another folder with --keep`)
  }
  for (const part of ['inbox', 'layer', 'reports']) rmSync(join(folder, part), { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(path, DEMO_CONFIG)
  return path
}

/** What arrived for a night: files into the inbox, and beside them what the sandbox serves, to be looked at. */
const writeFiles = (folder: string, { files, seed }: Night): void => {
  for (const { path, text } of [...files, { path: SEED_FILE, text: `${JSON.stringify(seed, null, 2)}\n` }]) {
    const absolute = join(folder, path)
    mkdirSync(dirname(absolute), { recursive: true })
    writeFileSync(absolute, text)
  }
}

const closing = (folder: string, reports: readonly string[]): string => {
  const place = (path: string): string => relative(process.cwd(), path) || '.'
  const page = reports.find((path) => path.endsWith('.html'))
  return [
    '',
    'This was the October of Harbor Coffee, a business made up for this demo: two nights, a month end by two people, and one run',
    'after it. What it was made of, and what it left:',
    `  ${place(join(folder, SEED_FILE))}  Layer's books`,
    `  ${place(join(folder, 'inbox'))}/  the processors' files`,
    ...reports.map((path) => `  ${place(path)}`),
    `Look around: npx tieout status --config ${place(join(folder, 'tieout.yaml'))}`,
    ...(page ? [`Open in a browser: ${page}`] : []),
  ].join('\n')
}
