/** Databases that are not Tieout's alone: of a newer version, in another schema, open to others. */

import { afterEach, beforeAll, expect, it } from 'vitest'
import { type Built, buildSource } from '../support/built.ts'
import { bareDatabase, type FreshDatabase, freshDatabase } from '../support/database.ts'
import { FIRST, type Harbor, openHarbor, SECOND, settled } from '../support/harbor.ts'
import { contentOf } from '../support/tables.ts'
import { builtInNames, trapsIn } from '../support/traps.ts'

let built: Built
/** the second night's report where nothing is unusual */
let usual: string
const endings: (() => Promise<void>)[] = []

beforeAll(async () => {
  built = await buildSource()
  const { harbor } = await open(freshDatabase)
  usual = await twoNights(harbor)
  for (const end of endings.splice(0).reverse()) await end()
})
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

async function open(
  make: () => Promise<FreshDatabase>,
  parameters = '',
): Promise<{ database: FreshDatabase; harbor: Harbor }> {
  const database = await make()
  endings.push(() => database.close())
  const harbor = await openHarbor(built, `${database.url}${database.url.includes('?') ? '&' : '?'}${parameters}`)
  endings.push(() => harbor.close())
  harbor.arrives(FIRST)
  return { database, harbor }
}

async function twoNights(harbor: Harbor): Promise<string> {
  const first = await harbor.nightly(FIRST)
  expect([first.code, first.stderr]).toEqual([0, expect.not.stringContaining('"level":"error"')])
  harbor.arrives(SECOND)
  const second = await harbor.nightly(SECOND)
  expect([second.code, second.stderr]).toEqual([0, expect.not.stringContaining('"level":"error"')])
  return settled(harbor.text(SECOND))
}

it('that a newer version migrated: each command of an older one refuses it and writes nothing, and doctor says so', async () => {
  const { database, harbor } = await open(freshDatabase)
  expect((await harbor.nightly(FIRST)).code).toBe(0)
  await database.query(`insert into schema_part values ('migration', '9999_of_the_future', 9999, 'f00')`)
  const before = await contentOf(database)
  const commands = [
    ...['migrate', 'nightly', 'nightly --queue', 'pull', 'import', 'reconcile', 'reconcile --full', 'report', 'status'],
    ...['backfill --from 2026-10 --to 2026-10', 'worker', 'explain re_1', 'corrections propose --by Ada'],
    ...['corrections list', 'corrections post', 'files list', 'files withdraw 1 --by Ada', 'quarantine list'],
    ...['quarantine dismiss 1 --by Ada --note x', 'import --again 1 --by Ada'],
  ]
  for (const words of commands) {
    const ended = await harbor.run(...words.split(' '))
    expect([words, ended.code, ended.stderr]).toEqual([
      words,
      1,
      expect.stringContaining(
        'the database was migrated by a newer version of Tieout (9999_of_the_future): use that version',
      ),
    ])
  }
  const { stdout } = await harbor.run('doctor')
  expect(stdout).toContain('WRONG  schema: the database was migrated by a newer version of Tieout (9999_of_the_future)')
  expect(await contentOf(database)).toEqual(before)
}, 180_000)

it('with the tables in another schema: all is found there, and the report is the same', async () => {
  const { database, harbor } = await open(async () => {
    const made = await bareDatabase()
    await made.query('create schema "Books ""of"" Harbor"; drop schema public')
    await made.query(`alter database ${made.name} set search_path = "Books ""of"" Harbor"`)
    return made
  })
  expect(await twoNights(harbor)).toBe(usual)
  expect(
    await database.query(
      `select distinct relnamespace::regnamespace::text as name from pg_class where relname = 'ledger_leg'`,
    ),
  ).toEqual([{ name: '"Books ""of"" Harbor"' }])
  expect((await harbor.run('doctor')).stdout).toContain('schema: up to date')
})

it('with the schema named in database.url', async () => {
  const { database, harbor } = await open(async () => {
    const made = await bareDatabase()
    await made.query('create schema books')
    return made
  }, 'options=-csearch_path%3Dbooks')
  expect(await twoNights(harbor)).toBe(usual)
  expect(await database.query('select count(*) as refunds from books.ledger_refund')).not.toEqual([{ refunds: 0n }])
})

it('without any schema: it makes its own', async () => {
  const { database, harbor } = await open(async () => {
    const made = await bareDatabase()
    await made.query('drop schema public')
    return made
  })
  expect(await twoNights(harbor)).toBe(usual)
  expect(await database.query('select count(*) as refunds from tieout.ledger_refund')).not.toEqual([{ refunds: 0n }])
})

it('in which others may create in public: no function or operator of theirs is ever called, whatever it is named', async () => {
  const { database, harbor } = await open(async () => {
    const made = await bareDatabase()
    await made.query('grant create on schema public to public')
    await made.query(trapsIn('public', await builtInNames(made)))
    return made
  })
  // the traps spring where public is searched: any call of text, date and hash functions whose types are not exactly theirs
  const { query } = database
  await database.transaction(async (db) => {
    await db.query('set local search_path = public')
    await expect(db.query(`select date_trunc('month', date '2026-10-05')`)).rejects.toThrow('trap')
  })
  expect(await twoNights(harbor)).toBe(usual)
  expect((await harbor.run('doctor', '--deep', '--as-of', SECOND.as_of)).stdout).toContain('agrees with itself')
  expect((await harbor.run('explain', 're_1')).stderr).not.toContain('trap')
  expect((await harbor.nightly(SECOND, '--queue')).code).toBe(0)
  expect(await query('select count(*) as legs from tieout.ledger_leg')).not.toEqual([{ legs: 0n }])
}, 180_000)

it('in which others may create beside its tables: refused, with the command that cures it', async () => {
  const { database, harbor } = await open(freshDatabase)
  expect((await harbor.nightly(FIRST)).code).toBe(0)
  const role = `tieout_guest_${process.pid}`
  await database.query(
    `grant create on schema public to public; create role ${role}; grant create on schema public to ${role}`,
  )
  try {
    const refused = await harbor.nightly(SECOND)
    expect(refused.code).toBe(1)
    const cure = `revoke create on schema "public" from public, "${role}"`
    expect(JSON.parse(refused.stderr.trim().split('\n').at(-1) ?? '').msg).toContain(
      `others may create functions in schema public, which would run in Tieout's name; take that from them: ${cure}`,
    )
    expect((await harbor.run('doctor')).stdout).toContain('others may create functions in schema public')
    await database.query(cure)
    expect((await harbor.nightly(FIRST)).code).toBe(0)
  } finally {
    await database.query(`drop owned by ${role}; drop role ${role}`)
  }
})
