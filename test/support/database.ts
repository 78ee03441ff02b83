/** A migrated database of its own for each test, cloned from the suite's template: real Postgres, no mock. */

import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { type Database, openDatabase, openSession } from '../../src/database/connect.ts'
import { isCitus, openCitusDatabase } from './citus.ts'
import { quiet } from './quiet.ts'
import { rolesNamed } from './roles.ts'
import { urlOf } from './server.ts'

export interface FreshDatabase extends Database {
  /** for a process of its own: DATABASE_URL or database.url */
  readonly url: string
  readonly name: string
  /** of the server that holds the rows, in `schema`: another one on Citus only */
  readonly node_url: string
  /** where the migrations were applied, for what the catalogue says: this database, on Citus the coordinator */
  readonly migrated: Database
}

/** A name that no other test has. */
const freshName = (): string => `tieout_test_${process.pid}_${randomBytes(6).toString('hex')}`

async function administer(sql: string): Promise<void> {
  const admin = await openSession(inject('server').url)
  try {
    await admin.query(sql)
  } finally {
    await admin.close()
  }
}

async function openFresh(template: string): Promise<FreshDatabase> {
  const { url } = inject('server')
  const name = freshName()
  // copying its files takes half as long as writing all of it to the log
  await administer(`create database ${name} encoding 'UTF8' template ${template} strategy file_copy`)
  const own = urlOf(url, name)
  const database = await openDatabase({ url: own, data_dir: '' }, quiet)
  const close = async (): Promise<void> => {
    await database.close()
    await administer(`drop database if exists ${name} with (force)`)
  }
  const { job_roles } = inject('server')
  const as_job = job_roles !== null && template !== 'template0'
  const given = as_job ? rolesNamed(job_roles).as(own, 'job') : own
  return { ...{ ...database, url: given, node_url: given }, ...{ name, migrated: database, close } }
}

async function openFreshOnCitus(): Promise<FreshDatabase> {
  const name = freshName()
  const { database, coordinator } = await openCitusDatabase(name)
  return { ...database, url: coordinator.url, node_url: database.url, name, migrated: coordinator }
}

/** A migrated, empty database; close() drops it. */
export const freshDatabase = async (): Promise<FreshDatabase> =>
  isCitus ? await openFreshOnCitus() : await openFresh(inject('server').template)

/** A database without any table; close() drops it. */
export const bareDatabase = async (): Promise<FreshDatabase> => await openFresh('template0')

/** Another with the same content; nobody may be connected to the first. close() drops it. */
export const copyDatabase = async (from: FreshDatabase): Promise<FreshDatabase> => await openFresh(from.name)
