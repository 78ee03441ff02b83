import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withBusinessLock } from '../../../src/database/lock.ts'
import { migrate } from '../../../src/database/migrate.ts'
import { BIG_TABLES, partitionsOf, partitionTables } from '../../../src/database/partitions.ts'
import { SQL_FOLDER } from '../../../src/database/statement.ts'
import { BusyFault, DatabaseFault, UsageFault } from '../../../src/errors.ts'
import { reconcile } from '../../../src/reconciliation/reconcile.ts'
import { dumpSchema } from '../../support/catalogue.ts'
import { bareDatabase, type FreshDatabase } from '../../support/database.ts'
import { quiet } from '../../support/quiet.ts'
import { AS_OF, liveThrough } from '../../support/small-night.ts'
import { contentOf, placesOf } from '../../support/tables.ts'
import { sorted, toldHistory } from '../../support/told-history.ts'

const MIGRATIONS = join(SQL_FOLDER, 'migrations')

let database: FreshDatabase
beforeEach(async () => {
  database = await bareDatabase()
})
afterEach(async () => await database.close())

/** 'ledger_leg 4' for each table that lies in partitions. */
const layout = async (): Promise<string[]> => {
  const rows = await database.query<{ said: string }>(
    `select concat(p.relname, ' ', count(*)) as said from pg_inherits i join pg_class p on p.oid = i.inhparent
     where p.relkind = 'p' group by p.relname order by array_position($1::text[], p.relname::text)`,
    [BIG_TABLES],
  )
  return rows.map(({ said }) => said)
}

test('a fresh database is laid out: the same columns, keys and indexes by the same names', async () => {
  await migrate(database)
  const plain = await dumpSchema(database)
  expect(await partitionTables(database, 4)).toEqual(BIG_TABLES)
  expect(await layout()).toEqual(BIG_TABLES.map((table) => `${table} 4`))
  expect(await dumpSchema(database)).toBe(plain)
  expect(await partitionTables(database, 4)).toEqual([])
  expect(await migrate(database)).toEqual([])
})

test('two told histories stay what they are when laid out and laid out anew, and a third is told there', async () => {
  await migrate(database)
  const { business_id } = await liveThrough(database, toldHistory(1, 60))
  await liveThrough(database, toldHistory(2, 60))
  const before = await contentOf(database)
  expect(before['ledger_leg']).not.toMatch(/^0 /)

  await partitionTables(database, 8)
  expect(await contentOf(database)).toEqual(before)
  await partitionTables(database, 3)
  expect(await layout()).toEqual(BIG_TABLES.map((table) => `${table} 3`))
  expect(await contentOf(database)).toEqual(before)

  const places = await placesOf(database)
  await reconcile(database, business_id, { as_of: AS_OF, now: AS_OF, log: quiet })
  const { ledger_leg, processor_row, discrepancy, match_item } = await placesOf(database)
  expect({ ledger_leg, processor_row, discrepancy, match_item }).toEqual({
    ledger_leg: places['ledger_leg'],
    processor_row: places['processor_row'],
    discrepancy: places['discrepancy'],
    match_item: places['match_item'],
  })
  const night = toldHistory(3, 60)
  const { finds, unexplained_lines } = await liveThrough(database, night)
  expect(sorted(finds)).toEqual(sorted(night.finds))
  expect(unexplained_lines).toBe(0)
})

test('every migration after the first can be applied to tables in partitions, and leaves the same schema', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tieout-migrations-'))
  try {
    await cp(join(MIGRATIONS, '0001_initial.sql'), join(folder, '0001_initial.sql'))
    await migrate(database, folder)
    await partitionTables(database, 4, await onlyTheirs())
    const later = (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.sql') && file !== '0001_initial.sql')
    expect(await migrate(database)).toEqual(later.map((file) => file.slice(0, -'.sql'.length)).sort())
    await partitionTables(database, 4)

    const plain = await bareDatabase()
    try {
      await migrate(plain)
      expect(await dumpSchema(database)).toBe(await dumpSchema(plain))
    } finally {
      await plain.close()
    }
  } finally {
    await rm(folder, { recursive: true })
  }
})

/** Those of the list that there are so far. */
const onlyTheirs = async (): Promise<string[]> => {
  const rows = await database.query<{ name: string }>(
    `select relname as name from pg_class where relkind = 'r' and relname = any($1::text[])`,
    [BIG_TABLES],
  )
  return rows.map(({ name }) => name)
}

test('a later migration reads the same on both layouts; a new big table is brought in by running again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tieout-migrations-'))
  try {
    await cp(MIGRATIONS, folder, { recursive: true })
    await migrate(database)
    await partitionTables(database, 4)
    await writeFile(
      join(folder, '9000_later.sql'),
      `alter table processor_row add column memo text;
       alter table processor_row add constraint processor_row_memo_check check (memo <> '');
       create index processor_row_memo on processor_row (business_id, memo) where memo is not null;
       alter table discrepancy add constraint discrepancy_code_key unique (business_id, code, discrepancy_id);
       create table memo (business_id uuid not null references business, row_no bigint not null,
         primary key (business_id, row_no), foreign key (business_id, row_no) references processor_row);`,
    )
    expect(await migrate(database, folder)).toEqual(['9000_later'])
    const dump = await dumpSchema(database)
    expect(await partitionTables(database, 4, [...BIG_TABLES, 'memo'])).toEqual(['memo'])
    expect(await dumpSchema(database)).toBe(dump)
    expect(await layout()).toContain('memo 4')
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('what a person granted on a table, set for it and looks at it through is kept', async () => {
  await migrate(database)
  await database.query(
    `grant select on processor_row to public; alter table processor_row set (fillfactor = 90);
     create view paid as select transaction_id, amount from processor_row where amount > 0;
     create view much_paid with (security_barrier = true) as select * from paid where amount > 100000;
     grant select on much_paid to public`,
  )
  const views = async (): Promise<unknown[]> =>
    await database.query(
      `select relname, reloptions, pg_get_viewdef(oid) as text, has_table_privilege('public', oid, 'select') as may_read
       from pg_class where relname in ('paid', 'much_paid') order by 1`,
    )
  const before = await views()
  await partitionTables(database, 2)
  await partitionTables(database, 3)
  expect(await views()).toEqual(before)
  expect(
    await database.query(
      `select relname, relkind, has_table_privilege('public', oid, 'select') as may_read, reloptions
       from pg_class where relname in ('processor_row', 'processor_row_2_of_3') order by 1`,
    ),
  ).toEqual([
    { relname: 'processor_row', relkind: 'p', may_read: true, reloptions: null },
    { relname: 'processor_row_2_of_3', relkind: 'r', may_read: false, reloptions: ['fillfactor=90'] },
  ])
})

test('it waits for nobody: while a business is being worked on, nothing is laid out', async () => {
  await migrate(database)
  const { business_id } = await liveThrough(database, toldHistory(1, 5))
  const asked = withBusinessLock(database, business_id, quiet, async () => await partitionTables(database, 4))
  await expect(asked).rejects.toThrow(BusyFault)
  await expect(asked).rejects.toThrow(/is being worked on; lay the tables out when no run is under way/)
  expect(await layout()).toEqual([])
})

test('a number for which the server has no locks is refused with the setting that it wants', async () => {
  await migrate(database)
  const asked = partitionTables(database, 1024)
  await expect(asked).rejects.toThrow(DatabaseFault)
  await expect(asked).rejects.toThrow(/--partitions 1024: .* set max_locks_per_transaction to \d+ or more/)
  expect(await layout()).toEqual([])
})

test('the number of partitions is a whole number from 2 to 1024', () => {
  expect(partitionsOf(undefined)).toBeNull()
  expect(partitionsOf('2')).toBe(2)
  expect(partitionsOf('1024')).toBe(1024)
  for (const wrong of ['1', '1025', '0', '-8', '8.5', 'many', '', '1e3']) {
    expect(() => partitionsOf(wrong)).toThrow(UsageFault)
    expect(() => partitionsOf(wrong)).toThrow(`--partitions ${wrong}: give a whole number from 2 to 1024`)
  }
})
