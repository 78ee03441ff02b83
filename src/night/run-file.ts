/**
 * run.json beside the reports of a night: what it was made from and by what, for whoever has to show that later. Inputs
 * with hashes and counts, settings, versions, steps with their times, and the hashes of the reports.
 */

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { VERSION } from '../core/product.ts'
import { writeWhole } from '../core/whole-file.ts'
import type { Db } from '../database/connect.ts'
import { run } from '../database/statement.ts'
import type { Job } from '../job.ts'
import { type Json, jsonText } from '../report/json/json-text.ts'

/** Writes it into the folder of the first of these reports. */
export const writeRunFile = async (job: Job, reports: readonly string[]): Promise<void> => {
  const [first] = reports
  if (first === undefined) return
  const { config, database, as_of } = job
  const [server] = await run<{ version: string }>(database, 'run/schema_state')
  const folder = dirname(first)
  const written: Json[] = []
  // one at a time: a night of many businesses has thousands
  for (const path of reports)
    written.push({
      name: relative(folder, path).replaceAll(sep, '/'),
      bytes: (await stat(path)).size,
      sha256: await sha256Of(path),
    })
  const document: Json = {
    schema: 'tieout.run/1',
    as_of,
    written_at: job.now(),
    versions: { tieout: VERSION, node: process.versions.node, postgres: server?.version ?? null },
    settings_sha256: config.hash,
    // one connection plans the statements once for all
    businesses: await job.database.transaction(async (db) => {
      const businesses: Json[] = []
      for (const { id, name } of job.businesses) businesses.push(await businessJson(db, job, id, name))
      return businesses
    }),
    reports: written,
  }
  const path = join(folder, 'run.json')
  await writeWhole(path, async (append) => await append(Buffer.from(`${jsonText(document)}\n`)))
}

const businessJson = async (
  db: Db,
  { as_of, name: job }: Pick<Job, 'as_of' | 'name'>,
  business_id: string,
  name: string,
): Promise<Json> => {
  const kysely = await db.kysely()
  const settings = await kysely
    .selectFrom('business')
    .select('settings_hash')
    .where('business_id', '=', business_id)
    .executeTakeFirst()
  const last = await kysely
    .selectFrom('run')
    .select(['run_id', 'job', 'started_at', 'finished_at', 'outcome', 'problem', 'steps'])
    .where('business_id', '=', business_id)
    .where('as_of', '=', as_of)
    .where('job', 'in', ['nightly', job])
    .orderBy('run_id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const pulls = await run(db, 'report/pulls', [business_id])
  const files = await run(db, 'report/files', [business_id, null, null])
  return {
    business_id,
    name,
    settings_hash: settings?.settings_hash ?? null,
    run:
      last === undefined
        ? null
        : {
            run_id: last.run_id,
            command: last.job,
            state: last.outcome,
            problem: last.problem,
            started_at: last.started_at,
            finished_at: last.finished_at,
            steps: (last.steps ?? []) as Json,
          },
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

const sha256Of = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer)
  return hash.digest('hex')
}
