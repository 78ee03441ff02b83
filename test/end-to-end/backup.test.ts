/** What docs/guide/backup-and-restore.md says is enough: a copy of the folder, or pg_dump, restored elsewhere. */

import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Built, buildSource } from '../support/built.ts'
import { tieout } from '../support/command.ts'
import { bareDatabase, type FreshDatabase, freshDatabase } from '../support/database.ts'
import { FIRST, openHarbor } from '../support/harbor.ts'

let built: Built
let folder: string

beforeAll(async () => {
  built = await buildSource()
  folder = mkdtempSync(join(tmpdir(), 'tieout-backup-'))
  // a job of root runs the server as another user
  chmodSync(folder, 0o755)
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
})

it('a copy of the folder with an embedded Postgres, made while no job runs, is whole elsewhere', async () => {
  expect((await tieout(built, folder, ['demo'])).code).toBe(0)
  execFileSync('cp', ['-a', join(folder, 'demo'), join(folder, 'restored')])
  renameSync(join(folder, 'demo'), join(folder, 'lost'))
  const config = ['--config', 'restored/tieout.yaml']
  const report = join(folder, 'restored/reports/2026-11-04T110000Z/report.json')
  const verified = await tieout(built, folder, ['review', 'verify', ...config, '--against', report])
  expect(verified.stdout).toMatch(/all \d+ events hold/)
  expect(verified.code).toBe(0)
  const deep = await tieout(built, folder, ['doctor', '--deep', ...config])
  expect(deep.stdout).toContain('agrees with itself')
}, 180_000)

/** pg_dump's own version, 0 where there is none: it dumps no server that is newer. */
const dumpVersion = (): number => {
  try {
    return Number(/ (\d+)/.exec(execFileSync('pg_dump', ['--version'], { encoding: 'utf8' }))?.[1])
  } catch {
    return 0
  }
}

it('a dump of a given database, restored into a new one, is whole', async ({ skip }) => {
  const from: FreshDatabase = await freshDatabase()
  const to: FreshDatabase = await bareDatabase()
  try {
    const [server] = await from.query<{ major: number }>(
      `select current_setting('server_version_num')::int / 10000 as major`,
    )
    if (dumpVersion() < (server?.major ?? 0)) return skip(`there is no pg_dump of version ${server?.major}`)
    const harbor = await openHarbor(built, from.url)
    harbor.arrives(FIRST)
    await harbor.run('nightly', '--as-of', FIRST.as_of)
    execFileSync('pg_dump', ['--format', 'custom', '--file', join(folder, 'tieout.dump'), from.url])
    execFileSync('pg_restore', ['--no-owner', '--dbname', to.url, join(folder, 'tieout.dump')])
    const environment = { ...harbor.environment, DATABASE_URL: to.url }
    const verified = await tieout(built, harbor.folder, ['review', 'verify'], environment)
    expect(verified.stdout).toMatch(/all \d+ events hold/)
    const deep = await tieout(built, harbor.folder, ['doctor', '--deep', '--as-of', FIRST.as_of], environment)
    expect(deep.stdout).toContain('agrees with itself')
    await harbor.close()
  } finally {
    await from.close()
    await to.close()
  }
}, 180_000)
