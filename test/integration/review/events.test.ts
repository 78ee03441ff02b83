/** The events of a business: a chain of hashes that nobody can rewrite, and what a run writes into it (spec section 7). */

import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../../src/database/connect.ts'
import { firstBrokenEvent, verifyChain } from '../../../src/review/events.ts'
import { isCitus } from '../../support/citus.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { liveTheDemo } from '../../support/demo.ts'
import { type Nights, openNights } from '../../support/nights.ts'

let database: FreshDatabase
let demo: string
beforeAll(async () => {
  database = await freshDatabase()
  demo = await liveTheDemo(database)
}, 120_000)
afterAll(async () => await database.close())

interface StoredEvent {
  event_number: bigint
  at: string
  actor: string
  kind: string
  subject: string | null
  from_state: string | null
  to_state: string | null
  note: string | null
  details: string | null
  previous_hash: string
  hash: string
}

const eventsOf = async (business_id: string): Promise<StoredEvent[]> =>
  await database.query<StoredEvent>(
    `select event_number, at, actor, kind, subject, from_state, to_state, note, details, previous_hash, hash
     from event where business_id = $1 order by event_number`,
    [business_id],
  )

/** The hash as the contract has it: SHA-256 over JSON with sorted keys and no white space, the hash of the one before in it. */
const hashOf = (business_id: string, { event_number, at, hash: _hash, ...event }: StoredEvent): string => {
  const fields: Record<string, unknown> = {
    ...event,
    at: new Date(at).toISOString(),
    business_id,
    event_number: String(event_number),
  }
  const sorted = Object.fromEntries(
    Object.keys(fields)
      .sort()
      .map((key) => [key, fields[key]]),
  )
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex')
}

describe('the chain', () => {
  test('of the demo begins with 64 zeros, has no gap, and every hash is that of the fields and of the hash before', async () => {
    const events = await eventsOf(demo)
    expect(events.length).toBeGreaterThan(20)
    expect(events.map(({ event_number }) => event_number)).toEqual(events.map((_, place) => BigInt(place + 1)))
    let before = '0'.repeat(64)
    for (const event of events) {
      expect(event.previous_hash).toBe(before)
      expect(event.hash).toBe(hashOf(demo, event))
      before = event.hash
    }
    expect(await database.transaction(async (db) => await firstBrokenEvent(db, demo))).toBeNull()
  })

  test('of two nights bears one event for each of their runs, with what they opened', async () => {
    const runs = (await eventsOf(demo)).filter(({ kind }) => kind === 'run')
    expect(runs.map(({ at, actor, subject }) => [at, actor, subject])).toEqual([
      ['2026-11-03T11:00:00Z', 'run', null],
      ['2026-11-04T11:00:00Z', 'run', null],
    ])
    const opened = (await eventsOf(demo)).filter(({ kind, at }) => kind === 'opened' && at === '2026-11-03T11:00:00Z')
    expect(JSON.parse(runs[0]?.details ?? '')).toMatchObject({ opened: { count: String(opened.length) } })
  })

  test.each([
    ['an update', `update event set note = 'nothing happened' where event_number = 1`],
    ['a delete', `delete from event where event_number = 1`],
  ])('refuses %s, to the owner too', async (_what, sql) => await refuses(sql))

  test.each([
    ['a truncate', `truncate event`],
    ['a truncate of what it hangs on', `truncate business cascade`],
  ])('refuses %s, to the owner too', async (_what, sql) => await refuses(sql, database.migrated))

  test.skipIf(isCitus)(
    'refuses a merge, to the owner too (skipped on Citus: there it is a view)',
    async () =>
      await refuses(`merge into event using (select 1) one on event.event_number = 1 when matched then delete`),
  )

  const refuses = async (sql: string, db: Database = database): Promise<void> => {
    const before = await eventsOf(demo)
    // on Citus it has the name of the shard
    await expect(db.query(sql)).rejects.toThrow(
      /event(_\d+)? is only added to: its records are never changed or deleted/,
    )
    expect(await eventsOf(demo)).toEqual(before)
  }

  test('refuses a second event of one number, and that its business is deleted', async () => {
    await expect(
      database.query(`insert into event select * from event where business_id = $1 and event_number = 1`, [demo]),
    ).rejects.toThrow(/unique|duplicate/i)
    await expect(database.query(`delete from business where business_id = $1`, [demo])).rejects.toThrow(/foreign key/i)
  })

  test.each([
    ['a note that was changed', `update event set note = 'nothing happened' where event_number = 2`, 2n, 'changed'],
    ['an event taken out of the middle', `delete from event where event_number = 3`, 4n, 'missing'],
    [
      'two that were exchanged',
      `update event set event_number = case event_number when 2 then -3 else -2 end where event_number in (2, 3);
       update event set event_number = -event_number where event_number < 0`,
      2n,
      'does not continue',
    ],
  ])('that was rewritten behind its back is found out: %s', async (_what, sql, event_number, problem) => {
    const broken = database.transaction(async (db) => {
      await db.query(`set local session_replication_role = replica; ${sql}`)
      const found = await firstBrokenEvent(db, demo)
      // nothing of it stays
      throw Object.assign(new Error('done'), { found })
    })
    await expect(broken).rejects.toMatchObject({
      found: { event_number, problem: expect.stringContaining(problem) as unknown },
    })
  })
})

describe('a chain held against an earlier report', () => {
  const held = async (sql: string, point: { event_number: bigint; hash: string }): Promise<unknown> => {
    const found = database.transaction(async (db) => {
      await db.query(`set local session_replication_role = replica; ${sql}`)
      const { broken } = await verifyChain(db, demo, [{ ...point, source: 'report.json' }])
      throw Object.assign(new Error('done'), { broken })
    })
    return await found.catch(({ broken }: { broken: unknown }) => broken)
  }

  test('that ended where the chain stands, or before, is borne out', async () => {
    const events = await eventsOf(demo)
    for (const { event_number, hash } of events) expect(await held('select 1', { event_number, hash })).toBeNull()
  })

  test('whose last event is gone was cut, though what is left holds', async () => {
    const last = (await eventsOf(demo)).at(-1)
    if (last === undefined) throw new Error('there are events')
    expect(await held(`delete from event where event_number > ${last.event_number - 2n}`, last)).toEqual({
      event_number: last.event_number,
      problem: `report.json states it, and the chain ends with event ${last.event_number - 2n}: what came after was cut off`,
    })
  })

  test('that stated another hash was written anew since, though every event of today holds', async () => {
    const [, second] = await eventsOf(demo)
    if (second === undefined) throw new Error('there are events')
    expect(
      await held('select 1', { event_number: 2n, hash: second.hash.replace(/^./, (c) => (c === 'a' ? 'b' : 'a')) }),
    ).toEqual({
      event_number: 2n,
      problem: 'it is another one than report.json states: it, or one before it, was written anew since',
    })
  })
})

const booked = (on: string): unknown => ({
  ...{ id: 'refund-1', refunded_amount: 4500, status: 'PAID', completed_at: `${on}T12:00:00Z` },
  payments: [{ id: 'leg-1', external_id: 're_1', refunded_amount: 4500, method: 'CREDIT_CARD', processor: 'STRIPE' }],
})
const paid = (on: string): string => `t1,Refund,re_1,ch_1,,-45.00,0.00,USD,${on} 12:00:00`

interface Finding {
  discrepancy_id: string
  code: string
  status: string
  first_seen_at: string
}

const findingsOf = async ({ business }: Nights): Promise<Finding[]> =>
  await database.query<Finding>(
    `select discrepancy_id, code, status, first_seen_at from discrepancy where business_id = $1 order by code, discrepancy_id`,
    [business.id],
  )

/** 'overdue open -> open', of the events about findings; those of one run in order of the alphabet. */
const toldOf = async ({ business }: Nights): Promise<string[]> =>
  (await eventsOf(business.id))
    .filter(({ subject }) => subject !== null)
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.kind < b.kind ? -1 : 1))
    .map(({ kind, from_state, to_state }) => `${kind} ${from_state} -> ${to_state}`)

/** What the runs' own events count and sum. */
const countedOf = async ({ business }: Nights): Promise<unknown[]> =>
  (await eventsOf(business.id)).filter(({ kind }) => kind === 'run').map(({ details }) => JSON.parse(details ?? '{}'))

describe('a finding over its nights', () => {
  test('45.00 awaited from the processor until 20 Nov is missing there then: one finding, which has been overdue', async () => {
    const nights = await openNights(database)
    const customer = [booked('2026-11-15')]
    expect(await nights.night({ customer })).toEqual(['AWAITING_PROCESSOR leg-1'])
    const [awaited] = await findingsOf(nights)
    expect(await toldOf(nights)).toEqual([])
    expect(await nights.night({ customer })).toEqual(['AWAITING_PROCESSOR leg-1'])
    expect(await nights.night({ customer, covers_to: '2026-11-20' })).toEqual(['MISSING_AT_PROCESSOR leg-1'])
    expect(await findingsOf(nights)).toEqual([{ ...awaited, code: 'MISSING_AT_PROCESSOR' }])
    expect(await toldOf(nights)).toEqual(['overdue open -> open'])
    expect(await countedOf(nights)).toEqual([
      { timing_opened: { count: '1', amount: '4500' } },
      {},
      { overdue: { count: '1', amount: '4500' } },
    ])
  })

  test('45.00 that the ledger may still get is missing there two days later: the same finding', async () => {
    const nights = await openNights(database)
    expect(await nights.night({ stripe: [paid('2026-11-15')] })).toEqual(['AWAITING_LEDGER t1'])
    const [awaited] = await findingsOf(nights)
    expect(await nights.night({})).toEqual(['MISSING_IN_LEDGER t1'])
    expect(await findingsOf(nights)).toEqual([{ ...awaited, code: 'MISSING_IN_LEDGER' }])
    // booked, and deleted again
    expect(await nights.night({ customer: [booked('2026-11-15')] })).toEqual([])
    expect(await nights.night({})).toEqual(['LEDGER_REFUND_REMOVED refund-1', 'MISSING_IN_LEDGER t1'])
    expect((await findingsOf(nights)).filter(({ code }) => code === 'MISSING_IN_LEDGER')).toEqual([
      { ...awaited, code: 'MISSING_IN_LEDGER' },
    ])
    expect(await toldOf(nights)).toEqual([
      'overdue open -> open',
      'cleared open -> cleared',
      // of the refund that was deleted
      'opened null -> open',
      'reopened cleared -> open',
    ])
  })

  test('45.00 that was awaited and came has no event of its own, and is not kept beyond the run after', async () => {
    const nights = await openNights(database)
    expect(await nights.night({ stripe: [paid('2026-11-15')] })).toEqual(['AWAITING_LEDGER t1'])
    const customer = [booked('2026-11-15')]
    expect(await nights.night({ customer })).toEqual([])
    expect((await findingsOf(nights)).map(({ status }) => status)).toEqual(['cleared'])
    await nights.night({ customer })
    await nights.night({ customer })
    expect(await findingsOf(nights)).toEqual([])
    expect(await toldOf(nights)).toEqual([])
    expect(await countedOf(nights)).toEqual([
      { timing_opened: { count: '1', amount: '-4500' } },
      { timing_cleared: { count: '1', amount: '-4500' } },
      {},
      {},
    ])
  })

  test('a decision that a person took is opened again when the amount changes, and not before', async () => {
    const nights = await openNights(database)
    const resolve = async (): Promise<void> => {
      await database.query(`update discrepancy set status = 'resolved' where business_id = $1`, [nights.business.id])
    }
    await nights.night({ stripe: [paid('2026-11-10')] })
    await resolve()
    expect(await nights.night({})).toEqual(['MISSING_IN_LEDGER t1'])
    expect((await findingsOf(nights)).map(({ status }) => status)).toEqual(['resolved'])
    await database.query(
      `with changed as (
         update processor_row set amount = 4600 where business_id = $1 and transaction_id = 't1' returning business_id, row_no
       )
       insert into touched_item select business_id, row_no, '2026-11-01' from changed`,
      [nights.business.id],
    )
    await nights.night({})
    expect((await findingsOf(nights)).map(({ status }) => status)).toEqual(['open'])
    expect(await toldOf(nights)).toEqual(['opened null -> open', 'reopened resolved -> open'])
  })
})
