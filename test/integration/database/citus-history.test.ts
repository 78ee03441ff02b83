/**
 * On a Citus cluster (TIEOUT_TEST_DATABASE_LAYOUT=citus, the coordinator in DATABASE_URL): a database with a history is
 * distributed, and one that is distributed is upgraded. The history is that of version 0.2.0 (test/fixtures/version-0.2.0):
 * three nights of two businesses, decisions, a ruling, a correction, a quarantined refund and the close of October. Beside
 * it stands the same in plain Postgres; whatever either says has to be the same, but for the clock and the numbers.
 */

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase, openSession } from '../../../src/database/connect.ts'
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts'
import { type Built, buildSource } from '../../support/built.ts'
import { dropCitusDatabase, isCitus, makeCitusDatabase } from '../../support/citus.ts'
import { type Ended, tieout } from '../../support/command.ts'
import { bareDatabase, type FreshDatabase } from '../../support/database.ts'
import { settled } from '../../support/harbor.ts'
import { quiet } from '../../support/quiet.ts'

const LEFT = join(import.meta.dirname, '../../fixtures/version-0.2.0')
const NIGHTS = ['2026-11-06T11:00:00Z', '2026-11-07T11:00:00Z', '2026-11-08T11:00:00Z'] as const
const HARBOR = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'
const MILL = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a02'
const NAME = `tieout_test_citus_history_${process.pid}`
/** into which the two businesses fall apart */
const SHARDS = 8

const HEADER =
  'balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,reporting_category,source_id,charge_id,payment_intent_id,automatic_payout_id'
/** Of each business a refund that the books lack, and a line whose amount is a word. */
const fileOf = (business: string, day: string, currency: string): string =>
  [
    HEADER,
    `txn_${business}_${day},2026-11-${day} 15:00:00,2026-11-${day} 15:00:00,${currency},-21.00,0.00,refund,re_${business}_${day},ch_1,pi_1,`,
    `txn_${business}_w${day},2026-11-${day} 15:00:00,2026-11-${day} 15:00:00,${currency},many,0.00,refund,re_w${day},ch_2,pi_2,`,
    `txn_${business}_l${day},2026-11-${day} 16:00:00,2026-11-${day} 16:00:00,${currency},80.00,0.00,charge,ch_3,ch_3,pi_3,`,
    '',
  ].join('\n')

const LATEST = '0007_matched_by.sql'

/** A column with a default, an index more, one less, and a table. */
const FURTHER = `
-- one; of several
alter table processor_row add column further text collate "C" not null default 'as; ever';
create index processor_row_further on processor_row (business_id, further);
drop index processor_row_reversal;
do $$
begin
  update processor_row set further = 'since'; -- of all
end
$$;
create table further_note (
  business_id uuid not null references business,
  note_no     bigint generated always as identity,
  note        text not null,
  primary key (business_id, note_no)
)`

/** A folder with the configuration and the inbox, and what runs there with a database. */
interface World {
  folder: string
  url: string
  run(...words: string[]): Promise<Ended>
}

describe.skipIf(!isCitus)('a history on Citus (skipped where TIEOUT_TEST_DATABASE_LAYOUT is not citus)', () => {
  let built: Built
  let layer: Sandbox
  let plain_database: FreshDatabase
  const folders: string[] = []
  const names: string[] = []

  const openWorld = async (url: string, on: () => Built = () => built): Promise<World> => {
    const folder = mkdtempSync(join(tmpdir(), 'tieout-citus-history-'))
    folders.push(folder)
    for (const part of ['tieout.yaml', 'inbox']) cpSync(join(LEFT, part), join(folder, part), { recursive: true })
    const session = await openSession(url)
    await session.query(gunzipSync(readFileSync(join(LEFT, 'books.sql.gz'))).toString('utf8'))
    await session.close()
    const environment = { DATABASE_URL: url, LAYER_URL: layer.url, LAYER_TOKEN: 'sandbox', TIEOUT_USER: 'Ada' }
    return { folder, url, run: async (...words) => await tieout(on(), folder, words, environment) }
  }
  const openSpread = async (suffix: string, on?: () => Built): Promise<World> => {
    names.push(`${NAME}_${suffix}`)
    return await openWorld(await makeCitusDatabase(`${NAME}_${suffix}`), on)
  }

  beforeAll(async () => {
    built = await buildSource()
    layer = await startSandbox({
      seed: JSON.parse(readFileSync(join(LEFT, 'layer.json'), 'utf8')),
      port: 0,
      token: 'sandbox',
    })
    plain_database = await bareDatabase()
  })
  afterAll(async () => {
    await layer?.close()
    await plain_database?.close()
    for (const name of names) await dropCitusDatabase(name)
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })

  /** Of both the same, but for the clock and numbers; gives what plain Postgres said. */
  const same = async (worlds: readonly World[], ...words: string[]): Promise<Ended> => {
    const ended = await Promise.all(
      worlds.map(async (world): Promise<Ended> => {
        const { code, stdout, stderr } = await world.run(...words)
        return { code, stdout: bare(stdout, world), stderr: bare(stderr, world) }
      }),
    )
    const [first, ...others] = ended
    if (first === undefined) throw new Error('no world')
    for (const other of others)
      expect([words, other.code, other.stdout, other.code === first.code ? '' : other.stderr]).toEqual([
        words,
        first.code,
        first.stdout,
        '',
      ])
    return first
  }
  /** from then on the chains hold what was decided, at two instants */
  let is_decided = false
  const bare = (text: string, { folder, url }: World): string =>
    settled(text)
      .replaceAll(is_decided ? /the hash [0-9a-f]{64}/g : /$^/g, 'the hash HASH')
      .replaceAll(/"id": \d+/g, '"id": 0')
      .replaceAll(/"at":"[^"]*"/g, '"at":0')
      .replaceAll(/"command":"quarantine","as_of":"[^"]*"/g, '"command":"quarantine","as_of":0')
      .replaceAll(folder, 'FOLDER')
      .replaceAll(new URL(url).pathname.slice(1), 'DATABASE')

  const night = async (worlds: readonly World[], as_of: string): Promise<void> => {
    expect((await same(worlds, 'nightly', '--as-of', as_of)).code).toBe(0)
    const [first, ...others] = worlds.map((world) =>
      bare(readFileSync(join(world.folder, 'reports', as_of.replaceAll(':', ''), 'report.json'), 'utf8'), world),
    )
    for (const other of others) expect(other).toBe(first)
  }

  const arrives = (worlds: readonly World[], day: string): void => {
    for (const { folder } of worlds) {
      writeFileSync(join(folder, `inbox/harbor/stripe/late-${day}.csv`), fileOf('h', day, 'usd'))
      writeFileSync(join(folder, `inbox/mill/stripe/late-${day}.csv`), fileOf('m', day, 'eur'))
    }
  }

  /** What is said of all that is stored. */
  const everything = async (worlds: readonly World[], as_of: string): Promise<void> => {
    await same(worlds, 'report', '--format', 'json')
    await same(worlds, 'review', 'list', '--status', 'all')
    await same(worlds, 'review', 'rulings')
    await same(worlds, 'corrections', 'list')
    await same(worlds, 'fees', 'list')
    expect((await same(worlds, 'quarantine', 'list', '--json')).code).toBe(0)
    expect((await same(worlds, 'review', 'verify')).stdout).toMatch(
      /^Harbor Coffee: all \d+ events hold.*\nMill Street: all/,
    )
    const closes = await same(worlds, 'close', '2026-10', '--verify')
    expect(closes.stdout.match(/it is as it was signed/g)).toHaveLength(2)
    expect((await same(worlds, 'doctor', '--deep', '--as-of', as_of)).stdout).toContain('agrees with itself')
  }

  /** No number of a business is given twice: legs and rows are numbered together. */
  const numbersTwice = async (url: string): Promise<unknown[]> => {
    const database = await openDatabase({ url, data_dir: '' }, quiet)
    try {
      const found: unknown[] = []
      for (const business_id of [HARBOR, MILL]) {
        const own = await database.elsewhere(business_id)
        if (own === null) throw new Error('it is not distributed')
        found.push(
          ...(await own.query(
            `select number, count(*) from (
               select leg_no as number from ledger_leg where business_id = $1
               union all select row_no from processor_row where business_id = $1) items
             group by number having count(*) > 1`,
            [business_id],
          )),
        )
      }
      return found
    } finally {
      await database.close()
    }
  }

  const shardsOf = async (url: string): Promise<number> => {
    const session = await openSession(url)
    const rows = await session.query(
      `select from unnest(array['${HARBOR}', '${MILL}']::uuid[]) id group by get_shard_id_for_distribution_column('business', id)`,
    )
    await session.close()
    return rows.length
  }

  test('is the same after it is distributed, goes on as in plain Postgres, and nothing is numbered twice', async () => {
    const worlds = [await openWorld(plain_database.url), await openSpread('later')] as const
    const [plain, spread] = worlds
    expect((await plain.run('migrate')).code).toBe(0)
    const migrated = await spread.run('migrate', '--citus', '--shards', String(SHARDS))
    expect([migrated.code, migrated.stdout || migrated.stderr]).toEqual([
      0,
      expect.stringMatching(/Distributed 4\d tables by business\.\n$/),
    ])
    expect(await shardsOf(spread.url)).toBe(2)
    await everything(worlds, NIGHTS[0])

    for (const [index, as_of] of NIGHTS.entries()) {
      if (index < 2) arrives(worlds, `0${5 + index}`)
      await night(worlds, as_of)
      expect(await numbersTwice(spread.url)).toEqual([])
      if (index > 0) continue
      const found = JSON.parse((await plain.run('review', 'list', '--code', 'MISSING_IN_LEDGER', '--json')).stdout)
      const [id] = found.discrepancies.map((finding: { id: string }) => finding.id)
      is_decided = true
      expect((await same(worlds, 'review', 'resolve', id, '--as', 'explained', '--note', 'by cheque')).code).toBe(0)
      // each business has its first record now, which is of one number where they lie apart
      expect((await spread.run('quarantine', 'dismiss', '1', '--note', 'a total')).stderr).toBe(
        'tieout: 1: Harbor Coffee, Mill Street have one of that number each; say whose with --business\n',
      )
      for (const world of worlds) {
        const listed = JSON.parse((await world.run('quarantine', 'list', '--business', 'Mill', '--json')).stdout)
        const number = Object.values<unknown>(listed).find(Array.isArray)?.[0].id
        const dismissed = await world.run(
          'quarantine',
          'dismiss',
          String(number),
          '--note',
          'a total',
          '--business',
          'Mill',
        )
        expect([dismissed.code, dismissed.stderr]).toEqual([0, expect.anything()])
      }
    }
    await everything(worlds, NIGHTS[2])
    expect((await same(worlds, 'reconcile', '--full', '--as-of', NIGHTS[2])).code).toBe(0)
  }, 600_000)

  test('that was distributed by an earlier version is upgraded, now and later, and goes on', async () => {
    is_decided = false
    const beside = await bareDatabase()
    try {
      let on = productWith((schema) => rmSync(join(schema, LATEST)))
      const worlds = [await openWorld(beside.url, () => on), await openSpread('earlier', () => on)] as const
      const [plain, spread] = worlds
      expect((await plain.run('migrate')).code).toBe(0)
      expect((await spread.run('migrate', '--citus', '--shards', String(SHARDS))).code).toBe(0)

      on = built
      expect((await same(worlds, 'migrate')).stdout).toBe(`Applied ${basename(LATEST, '.sql')}, views.\n`)
      arrives(worlds, '05')
      await night(worlds, NIGHTS[0])

      on = productWith((schema) => writeFileSync(join(schema, '9000_further.sql'), FURTHER))
      expect((await same(worlds, 'doctor')).stdout).toContain('9000_further')
      expect((await same(worlds, 'migrate')).stdout).toBe('Applied 9000_further, views.\n')
      expect((await same(worlds, 'migrate')).stdout).toBe('The database is up to date.\n')
      await everything(worlds, NIGHTS[0])
      arrives(worlds, '06')
      await night(worlds, NIGHTS[1])
      await everything(worlds, NIGHTS[1])
      expect(await furtherOf(spread.url)).toEqual(await furtherOf(plain.url))
      expect(await numbersTwice(spread.url)).toEqual([])
    } finally {
      await beside.close()
    }
  }, 600_000)

  /** The product with other migrations: `change` is given their folder. */
  const productWith = (change: (schema: string) => void): Built => {
    const folder = mkdtempSync(join(built.folder, 'other-'))
    cpSync(join(built.folder, 'src'), join(folder, 'src'), { recursive: true })
    for (const part of ['package.json', 'sql', 'src/report/html'])
      cpSync(join(import.meta.dirname, '../../..', part), join(folder, part), { recursive: true })
    change(join(folder, 'sql/schema'))
    return { folder }
  }

  /** What the further migration made, where a business lies. */
  const furtherOf = async (url: string): Promise<unknown> => {
    const database = await openDatabase({ url, data_dir: '' }, quiet)
    try {
      const own = (await database.elsewhere(HARBOR)) ?? database
      await own.query(`insert into further_note (business_id, note) values ($1, 'seen')`, [HARBOR])
      return [
        await own.query('select note_no, note from further_note where business_id = $1', [HARBOR]),
        await own.query('select further, count(*) from processor_row where business_id = $1 group by further', [
          HARBOR,
        ]),
        await own.query(
          `select regexp_replace(indexrelid::regclass::text, '^.*\\.|_\\d{5,}$', '', 'g') as index from pg_index
           where indrelid in (
             select oid from pg_class where relkind = 'r' and relname ~ '^processor_row(_\\d+)?$')
           group by 1 order by 1`,
        ),
      ]
    } finally {
      await database.close()
    }
  }
})
