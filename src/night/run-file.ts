/**
 * run.json beside the reports of a night: what it was made from and by what, for whoever has to show that later. Inputs
 * with hashes and counts, settings, versions, steps with their times, and the hashes of the reports.
 */

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { VERSION } from '../core/product.ts'
import { type RowOf, run } from '../database/statement.ts'
import type { Job } from '../job.ts'
import { readerOf } from '../report/ahead.ts'
import { type Json, jsonText } from '../report/json/json-text.ts'
import { type Sink, writeFileWhole } from '../report/sink.ts'

/** A business's last run of the night; `run_id` and all that is the run's is null where there is none. */
type NightRun = RowOf<
  'run/of_night',
  'settings_hash' | 'run_id' | 'job' | 'started_at' | 'finished_at' | 'outcome' | 'problem' | 'steps'
>

/** Writes it into the folder of the first of these reports. */
export const writeRunFile = async (job: Job, reports: readonly string[]): Promise<void> => {
  const [first] = reports
  if (first === undefined) return
  const { config, database, as_of } = job
  const [server] = await run<{ version: string }>(database, 'run/schema_state')
  const folder = dirname(first)
  const head: Json = {
    schema: 'tieout.run/1',
    as_of,
    written_at: job.now(),
    versions: { tieout: VERSION, node: process.versions.node, postgres: server?.version ?? null },
    settings_sha256: config.hash,
  }
  // piece by piece: of many businesses, with a file a day for years, it is larger than memory
  await writeFileWhole(join(folder, 'run.json'), async (sink) => {
    await sink.write(jsonText(head).slice(0, -1))
    await writeList(sink, 'businesses', businessesJson(job))
    await writeList(sink, 'reports', reportsJson(folder, reports))
    await sink.write('}\n')
  })
}

/** Writes a list as the next entry of an object. */
const writeList = async (sink: Sink, name: string, values: AsyncIterable<Json>): Promise<void> => {
  let before = `,"${name}":[`
  for await (const value of values) {
    await sink.write(`${before}${jsonText(value)}`)
    before = ','
  }
  await sink.write(before === ',' ? ']' : `${before}]`)
}

async function* reportsJson(folder: string, reports: readonly string[]): AsyncGenerator<Json> {
  for (const path of reports)
    yield {
      name: relative(folder, path).replaceAll(sep, '/'),
      bytes: (await stat(path)).size,
      sha256: await sha256Of(path),
    }
}

type Pull = RowOf<'report/pulls', 'problem'>
type File = RowOf<'report/files', 'covers_from' | 'covers_to'>

async function* businessesJson({ businesses, database, as_of, name: command }: Job): AsyncGenerator<Json> {
  const ids = businesses.map(({ id }) => id)
  const runs = await run<NightRun>(database, 'run/of_night', [ids, as_of, ['nightly', command]])
  const runOf = new Map(runs.map((last) => [last.business_id, last]))
  const rowsOf = readerOf(database, ids)
  for (const { id, name } of businesses) {
    const rows = rowsOf(id)
    const pulls = await rows<Pull>('report/pulls', [id])
    const files = await rows<File>('report/files', [id, null, null])
    const last = runOf.get(id)
    yield {
      business_id: id,
      name,
      settings_hash: last?.settings_hash ?? null,
      run: runJson(last),
      pulls: pulls.map((pull) => ({
        direction: pull.direction,
        pull_id: pull.pull_id,
        as_of: pull.as_of,
        started_at: pull.started_at,
        finished_at: pull.finished_at,
        complete: pull.complete,
        refunds: pull.refunds,
        quarantined: pull.quarantined,
        bytes: pull.bytes,
        sha256: pull.sha256,
      })),
      files: files.map((file) => ({
        id: file.file_id,
        processor: file.processor,
        account: file.account,
        path: file.path,
        format: file.format,
        state: file.state,
        imported_at: file.imported_at,
        bytes: file.bytes,
        sha256: file.sha256,
        records: file.records,
        rows: file.accepted,
        known: file.known,
        quarantined: file.quarantined,
      })),
    }
  }
}

const runJson = (last: NightRun | undefined): Json =>
  last === undefined || last.run_id === null
    ? null
    : {
        run_id: last.run_id,
        command: last.job,
        state: last.outcome,
        problem: last.problem,
        started_at: last.started_at,
        finished_at: last.finished_at,
        steps: (last.steps ?? []) as Json,
      }

const sha256Of = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer)
  return hash.digest('hex')
}
