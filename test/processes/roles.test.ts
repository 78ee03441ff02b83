/** Least privilege: what each role of sql/roles.sql may do, and that all commands work with no more. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/database/connect.ts'
import { run } from '../../src/database/statement.ts'
import { type Built, buildSource } from '../support/built.ts'
import { bareDatabase, type FreshDatabase } from '../support/database.ts'
import { FIRST, type Harbor, openHarbor, SECOND, settled } from '../support/harbor.ts'
import { quiet } from '../support/quiet.ts'
import { type Role, rolesNamed } from '../support/roles.ts'
import { until } from '../support/until.ts'

const roles = rolesNamed(`tieout_roles_${process.pid}`)

let built: Built
let database: FreshDatabase
let harbor: Harbor

const open = async (as: Role | null): Promise<void> => {
  database = await bareDatabase()
  harbor = await openHarbor(built, database.url)
  harbor.arrives(FIRST)
  if (as === null) return
  await roles.grant(database.url)
  use('owner')
  expect((await harbor.run('migrate')).stdout).toContain('0001_schema')
  await roles.grant(database.url)
  use(as)
}
const use = (role: Role): void => {
  harbor.environment['DATABASE_URL'] = roles.as(database.url, role)
}

beforeAll(async () => {
  built = await buildSource()
})
afterEach(async () => {
  await harbor.close()
  await database.close()
})
afterAll(async () => {
  const admin = await bareDatabase()
  await roles.drop(admin.url)
  await admin.close()
})

/** Two nights; the second's report. */
const nights = async (): Promise<string> => {
  for (const night of [FIRST, SECOND]) {
    harbor.arrives(night)
    const ended = await harbor.nightly(night)
    expect([ended.code, ended.stderr]).toEqual([0, expect.not.stringMatching(/"level":"(?:warn|error)"/)])
  }
  return settled(harbor.text(SECOND))
}

describe('the job', () => {
  it('does two nights as the owner of everything does them, and all other commands', async () => {
    await open(null)
    const usual = await nights()
    await harbor.close()
    await database.close()
    await open('job')
    expect(await nights()).toBe(usual)
    const commands = [
      ...[
        'migrate',
        'pull',
        'import',
        'reconcile --full',
        'report --format text,json,csv,xlsx,html --output out',
        'status',
      ],
      ...['backfill --from 2026-10 --to 2026-10', 'explain re_1', 'corrections propose --by Ada', 'corrections list'],
      ...['files list', 'files withdraw 1 --by Ada --note x', 'import --again inbox --by Ada', 'quarantine list'],
      ...['doctor --deep', 'erase --customer c1 --by Ada', 'nightly --queue'],
    ]
    for (const words of commands) {
      const { stdout, stderr } = await harbor.run(...words.split(' '))
      expect([words, stdout, stderr]).toEqual([
        words,
        expect.not.stringContaining('permission denied'),
        expect.not.stringContaining('permission denied'),
      ])
    }
    const worker = harbor.start('worker')
    await until(async () => (await database.query('select from graphile_worker.jobs')).length === 0)
    worker.process.kill('SIGTERM')
    const ended = await worker.ended
    expect([ended.code, ended.stderr]).toEqual([0, expect.not.stringContaining('permission denied')])
  }, 180_000)

  it('makes, changes and drops no table, and changes or deletes no event', async () => {
    await open('job')
    expect((await harbor.nightly(FIRST)).code).toBe(0)
    const job = await openDatabase({ url: harbor.environment['DATABASE_URL'] ?? '', data_dir: '' }, quiet)
    for (const statement of [
      ...['create table mine ()', 'alter table event disable trigger all', 'drop table note', 'truncate match_item'],
      ...['create view mine as select 1', 'create function mine() returns int language sql return 1', 'drop view leg'],
      ...['create schema mine', `update event set note = 'x'`, 'delete from event', 'truncate event'],
      ...[`update correction_event set note = 'x'`, 'delete from correction_event', `delete from schema_part`],
      ...[`insert into schema_part values ('migration', 'x', 9, 'x')`, 'set session_replication_role = replica'],
      ...[
        'alter table event owner to current_user',
        'create trigger t before insert on note execute function refuse_change()',
      ],
    ]) {
      const said = await job.query(statement).then(
        () => 'done',
        (fault: unknown) => String(fault),
      )
      expect([statement, said]).toEqual([statement, expect.stringMatching(/permission denied|must be (?:the )?owner/)])
    }
    expect(await job.query('create temporary table staged ()')).toEqual([])
    await job.close()
  })

  it('is told to let the owner migrate, where there is something to migrate', async () => {
    await open('job')
    await database.query(`update schema_part set sha256 = 'other' where kind = 'view' and name = 'leg'`)
    const ended = await harbor.nightly(FIRST)
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain('run `tieout migrate` as the owner of the tables')
    use('owner')
    expect((await harbor.run('migrate')).stdout).toContain('views')
    use('job')
    // the views are new, and can be read all the same
    expect((await harbor.nightly(FIRST)).code).toBe(0)
  })
})

describe('the others', () => {
  it('a reader reads figures and findings, not refunds as received, and writes nothing', async () => {
    await open('job')
    expect((await harbor.nightly(FIRST)).code).toBe(0)
    use('reader')
    for (const words of ['report', 'status', 'explain re_1', 'files list', 'quarantine list', 'corrections list']) {
      const { stdout, stderr } = await harbor.run(...words.split(' '))
      expect([words, stdout + stderr]).toEqual([words, expect.not.stringContaining('permission denied')])
    }
    const reader = await openDatabase({ url: harbor.environment['DATABASE_URL'] ?? '', data_dir: '' }, quiet)
    expect(await reader.query('select from ledger_leg limit 1')).toHaveLength(1)
    await expect(reader.query('select from ledger_page')).rejects.toThrow('permission denied')
    await expect(reader.query(`update discrepancy set status = 'resolved'`)).rejects.toThrow('permission denied')
    await expect(reader.query('delete from run')).rejects.toThrow('permission denied')
    await reader.close()
  })

  it('a desk adds decisions, and changes no figure and no event', async () => {
    await open('job')
    expect((await harbor.nightly(FIRST)).code).toBe(0)
    await harbor.run('corrections', 'propose', '--by', 'Ada')
    use('desk')
    const desk = await openDatabase({ url: harbor.environment['DATABASE_URL'] ?? '', data_dir: '' }, quiet)
    await desk.query(`update discrepancy set status = 'acknowledged' where false`)
    const [known] = await database.query<{ business_id: string }>('select business_id from business')
    // to accept a line in another's place writes what the line says; there is none with this number
    expect(await run(desk, 'file/accept', [known?.business_id ?? '', 999n])).toEqual([])
    for (const statement of [
      ...['update ledger_leg set amount = 0', 'delete from processor_row', 'update tie_out_line set explained = 0'],
      ...['delete from discrepancy', 'delete from discrepancy_effect', `update event set note = 'x'`],
      ...['update match_item set balanced = true', 'insert into processor_row select * from processor_row'],
      ...[
        `update processor_row set transaction_id = 'x'`,
        'update processor_row set row_no = 1, business_id = business_id',
      ],
      ...[`update processor_row set processor = 'X'`, `update processor_row set account = 'x'`],
      ...['insert into ledger_refund select * from ledger_refund', 'delete from correction', 'create table mine ()'],
    ])
      await expect(desk.query(statement), statement).rejects.toThrow('permission denied')
    await desk.close()
    const listed = await harbor.run('corrections', 'list', '--json')
    const [first] = JSON.parse(listed.stdout).corrections as { id: string }[]
    const rejected = await harbor.run(
      'corrections',
      'reject',
      first?.id ?? '',
      '--by',
      'Ben',
      '--note',
      'made by cheque',
    )
    expect([rejected.code, rejected.stderr]).toEqual([0, ''])
    // a decision that may leave a month without an error, and so with another verdict
    const [error] = await database.query<{ id: string }>(
      `select discrepancy_id as id from discrepancy where code = 'AMOUNT_MISMATCH' limit 1`,
    )
    const resolved = await harbor.run(
      ...['review', 'resolve', error?.id ?? '', '--as', 'explained', '--note', 'agreed', '--by', 'Ben'],
    )
    expect([resolved.code, resolved.stderr]).toEqual([0, ''])
  })
})
