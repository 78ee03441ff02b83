/** Started once for the suite: a Postgres (DATABASE_URL, else embedded in a temporary folder) and a migrated template. */

import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openDatabase, openSession } from '../../src/database/connect.ts'
import { useServer } from '../../src/database/embedded.ts'
import { migrate } from '../../src/database/migrate.ts'
import { quiet } from './quiet.ts'

export interface SuiteServer {
  /** of a database to connect to for CREATE DATABASE */
  readonly url: string
  readonly template: string
}

declare module 'vitest' {
  export interface ProvidedContext {
    server: SuiteServer
  }
}

/** The same server, another database. */
export const urlOf = (url: string, database: string): string => url.replace(/^(\w+:\/\/[^/]*\/)[^?]*/, `$1${database}`)

async function startServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  const given = process.env['DATABASE_URL'] ?? ''
  if (given !== '') return { url: given, stop: async () => undefined }
  const folder = await mkdtemp(join(tmpdir(), 'tieout-suite-'))
  await chmod(folder, 0o755)
  const server = await useServer(folder, openSession, quiet)
  return {
    url: server.url,
    async stop() {
      await server.release()
      await rm(folder, { recursive: true, force: true })
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
  project.provide('server', { url, template })
  return async () => {
    await admin.query(`drop database ${template} with (force)`)
    await admin.close()
    await stop()
  }
}
