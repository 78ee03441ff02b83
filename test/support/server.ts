/** Started once for the suite: a Postgres (DATABASE_URL, else embedded in a temporary folder) and a migrated template. */

import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, realpath, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { isAlive } from '../../src/core/whole-file.ts'
import { openDatabase, openSession } from '../../src/database/connect.ts'
import { useServer } from '../../src/database/embedded/embedded.ts'
import { migrate } from '../../src/database/migrate.ts'
import { quiet } from './quiet.ts'
import { rolesNamed } from './roles.ts'

export interface SuiteServer {
  /** of a database to connect to for CREATE DATABASE */
  readonly url: string
  readonly template: string
  /** where test/support/built.ts puts the compiled source */
  readonly built: string
  /** TIEOUT_TEST_AS=job: processes of their own are users of the role of sql/roles.sql; its roles have this prefix */
  readonly job_roles: string | null
}

declare module 'vitest' {
  export interface ProvidedContext {
    server: SuiteServer
  }
}

/** The same server, another database. */
export const urlOf = (url: string, database: string): string => url.replace(/^(\w+:\/\/[^/]*\/)[^?]*/, `$1${database}`)

const SUITE_FOLDER = 'tieout-suite-'

/** Below node_modules, where packages are found; named by the process of the suite. */
const BUILT = join(import.meta.dirname, '../../node_modules/.cache/tieout-built')

/** Makes the folder, and removes what killed test runs compiled. */
async function sweepBuilt(): Promise<void> {
  await mkdir(BUILT, { recursive: true })
  for (const name of await readdir(BUILT))
    if (!isAlive(Number(name))) await rm(join(BUILT, name), { recursive: true, force: true })
}

/** The server's files may lie outside, behind a link: where a root run's temporary folder is closed to others. */
async function removeFolder(folder: string): Promise<void> {
  const files = await realpath(join(folder, 'postgres')).catch(() => folder)
  await rm(files, { recursive: true, force: true })
  await rm(folder, { recursive: true, force: true })
}

const SHARED_MEMORY = '/dev/shm'
/** Bytes: several times what a suite needs at most. */
const ROOM = 8e9

/** Where the server's files lie: in memory where it has the room, since the suite makes and drops databases by the thousand. */
async function parentFolder(): Promise<string> {
  const { bsize, bavail } = await statfs(SHARED_MEMORY).catch(() => ({ bsize: 0, bavail: 0 }))
  return bsize * bavail >= ROOM ? SHARED_MEMORY : tmpdir()
}

/** Stops and removes what killed test runs left; a folder's name bears the id of the process that made it. */
async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const maker = new RegExp(`^${SUITE_FOLDER}(\\d+)-`).exec(name)?.[1]
    if (maker === undefined || isAlive(Number(maker))) continue
    const folder = join(parent, name)
    try {
      if (existsSync(join(folder, 'postgres/cluster'))) await (await useServer(folder, openSession, quiet)).release()
      await removeFolder(folder)
    } catch {
      // another user's
    }
  }
}

async function startServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  const given = process.env['DATABASE_URL'] ?? ''
  if (given !== '') return { url: given, stop: async () => undefined }
  const parent = await parentFolder()
  await sweep(parent)
  const folder = await mkdtemp(join(parent, `${SUITE_FOLDER}${process.pid}-`))
  await chmod(folder, 0o755)
  const server = await useServer(folder, openSession, quiet)
  const admin = await openSession(server.url)
  // Nothing here outlives the suite: no need to wait for the disk.
  await admin.query('alter system set fsync = off')
  await admin.query('select pg_reload_conf()')
  await admin.close()
  return {
    url: server.url,
    async stop() {
      await server.release()
      await removeFolder(folder)
    },
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, stop } = await startServer()
  const template = `tieout_template_${process.pid}_${Date.now()}`
  const admin = await openSession(url)
  await admin.query(`create database ${template} encoding 'UTF8' template template0`)
  const database = await openDatabase({ url: urlOf(url, template), data_dir: '' }, quiet)
  await migrate(database)
  await database.close()
  const job_roles = process.env['TIEOUT_TEST_AS'] === 'job' ? `tieout_suite_${process.pid}` : null
  const roles = job_roles === null ? null : rolesNamed(job_roles)
  await roles?.grant(urlOf(url, template))
  await sweepBuilt()
  const built = join(BUILT, String(process.pid))
  project.provide('server', { url, template, built, job_roles })
  return async () => {
    await admin.query(`drop database ${template} with (force)`)
    await roles?.drop(url)
    await admin.close()
    await stop()
    await rm(built, { recursive: true, force: true })
  }
}
