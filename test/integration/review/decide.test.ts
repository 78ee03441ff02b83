/** What persons decide of findings: which decisions hold, which are refused, and what a run makes of them (spec section 7). */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rowHash } from '../../../src/core/row-hash.ts'
import type { Db } from '../../../src/database/connect.ts'
import { withBusinessLock } from '../../../src/database/locks.ts'
import { type Decided, decide } from '../../../src/review/decide.ts'
import type { Decision, Limits, Taken } from '../../../src/review/deeds.ts'
import { firstBrokenEvent } from '../../../src/review/events.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { type Nights, openNights } from '../../support/nights.ts'
import { quiet } from '../../support/quiet.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

/** A refund of Stripe that the ledger has not: '2026-11-10' of 45.00. */
const paid = (id: string, amount = '45.00', on = '2026-11-10'): string =>
  `${id},Refund,re_${id.slice(1)},ch_${id.slice(1)},,-${amount},0.00,USD,${on} 12:00:00`

interface Stored {
  discrepancy_id: string
  code: string
  status: string
}

const storedOf = async ({ business }: Nights): Promise<Stored[]> =>
  await database.query<Stored>(
    `select found.discrepancy_id, found.code, found.status
     from discrepancy found
     left join processor_row line on line.business_id = found.business_id and line.row_no = found.row_nos[1]
     where found.business_id = $1 order by line.transaction_id, found.code`,
    [business.id],
  )
const statusesOf = async (nights: Nights): Promise<string[]> => (await storedOf(nights)).map(({ status }) => status)

/** What a person sees now of each finding. */
const seenOf = async ({ business }: Nights): Promise<Taken[]> => {
  const found = await database.query<{ id: string; code: string; effects: string; event_number: bigint }>(
    `select found.discrepancy_id as id, found.code,
       coalesce((select max(event_number) from event where business_id = $1 and subject = found.discrepancy_id and kind <> 'commented'), 0) as event_number,
       (select coalesce(json_agg(json_build_object('month', month, 'processor', processor, 'currency', currency,
          'amount', amount::text, 'refund_fee', refund_fee::text, 'returned_fee', returned_fee::text) order by month), '[]')::text
        from discrepancy_effect effect where effect.business_id = $1 and effect.discrepancy_id = found.discrepancy_id) as effects
     from discrepancy found
     left join processor_row line on line.business_id = found.business_id and line.row_no = found.row_nos[1]
     where found.business_id = $1 order by line.transaction_id, found.code`,
    [business.id],
  )
  return found.map(({ id, code, effects, event_number }) => ({
    discrepancy_id: id,
    event_number,
    row_hash: rowHash({ id, code, effects: JSON.parse(effects) }),
  }))
}

const AT = '2026-11-20T09:00:00Z'
const NO_LIMITS = { currency: 'USD', waive_limit: null, waive_limit_month: null }

const decided = async (
  { business }: Nights,
  decision: Decision,
  taken: readonly Taken[],
  act: { by?: string; note?: string | null } = {},
  limits: Partial<Limits> = {},
): Promise<Decided[]> =>
  await database.transaction(async (db: Db) => {
    const { by = 'Ada', note = 'looked at it' } = act
    const deeds = taken.map((each) => ({ decision, note, taken: each }))
    return await decide(db, { id: business.id, ...NO_LIMITS, ...limits }, { by, at: AT }, deeds)
  })

/** 'Ada acknowledged open -> acknowledged', of persons and of what runs did to findings. */
const toldOf = async ({ business }: Nights): Promise<string[]> =>
  (
    await database.query<{ told: string }>(
      `select concat_ws(' ', actor, kind, from_state, '->', to_state, details) as told from event
       where business_id = $1 and subject is not null and kind <> 'opened' order by event_number`,
      [business.id],
    )
  ).map(({ told }) => told)

const chainHolds = async ({ business }: Nights): Promise<void> =>
  expect(await database.transaction(async (db) => await firstBrokenEvent(db, business.id))).toBeNull()

describe('a decision', () => {
  test('leads from open to acknowledged to resolved and back, one event each, and a run leaves it alone', async () => {
    const nights = await openNights(database)
    const stripe = [paid('t1')]
    await nights.night({ stripe })
    const [{ event_number: opened } = { event_number: 0n }] = await seenOf(nights)
    const [acknowledged] = await decided(nights, { action: 'acknowledge' }, await seenOf(nights))
    expect(acknowledged).toMatchObject({ from: 'open', to: 'acknowledged', event_number: opened + 1n })
    expect(await nights.night({ stripe })).toEqual(['MISSING_IN_LEDGER t1'])
    expect(await statusesOf(nights)).toEqual(['acknowledged'])
    await decided(nights, { action: 'resolve', as: 'explained' }, await seenOf(nights), { by: ' Ben ' })
    await nights.night({ stripe })
    expect(await statusesOf(nights)).toEqual(['resolved'])
    await decided(nights, { action: 'reopen' }, await seenOf(nights), { note: null })
    expect(await statusesOf(nights)).toEqual(['open'])
    expect(await toldOf(nights)).toEqual([
      'Ada acknowledged open -> acknowledged {"code":"MISSING_IN_LEDGER"}',
      'Ben resolved acknowledged -> resolved {"as":"explained","code":"MISSING_IN_LEDGER"}',
      'Ada reopened resolved -> open {"code":"MISSING_IN_LEDGER"}',
    ])
    await chainHolds(nights)
  })

  test('to resolve makes the month that held one error reconciled or waiting at once, and to reopen discrepant again', async () => {
    const nights = await openNights(database)
    const verdict = async (): Promise<unknown> =>
      (
        await database.query<{ verdict: string }>(
          `select verdict from month_verdict where business_id = $1 and month = '2026-11'`,
          [nights.business.id],
        )
      )[0]?.verdict
    await nights.night({ stripe: [paid('t1')], billpay: [] })
    expect(await verdict()).toBe('discrepant')
    await decided(nights, { action: 'resolve', as: 'explained' }, await seenOf(nights))
    expect(await verdict()).toBe('reconciled')
    await decided(nights, { action: 'reopen' }, await seenOf(nights))
    expect(await verdict()).toBe('discrepant')
  })

  test('about 45.00 is opened again by the run that finds 46.00, with the old decision in its history', async () => {
    const nights = await openNights(database)
    await nights.night({ stripe: [paid('t1')] })
    await decided(nights, { action: 'resolve', as: 'corrected' }, await seenOf(nights))
    await database.query(
      `with changed as (
         update processor_row set amount = 4600 where business_id = $1 and transaction_id = 't1' returning business_id, row_no
       )
       insert into touched_item select business_id, row_no, '2026-11-01' from changed`,
      [nights.business.id],
    )
    await nights.night({})
    expect(await statusesOf(nights)).toEqual(['open'])
    expect(await toldOf(nights)).toEqual([
      'Ada resolved open -> resolved {"as":"corrected","code":"MISSING_IN_LEDGER"}',
      'run reopened resolved -> open {"code":"MISSING_IN_LEDGER"}',
    ])
  })

  test('about money that is awaited is opened again when the money is missing', async () => {
    const nights = await openNights(database)
    await nights.night({ stripe: [paid('t1', '45.00', '2026-11-15')] })
    expect(await storedOf(nights)).toMatchObject([{ code: 'AWAITING_LEDGER', status: 'open' }])
    await decided(nights, { action: 'resolve', as: 'explained' }, await seenOf(nights))
    await nights.night({})
    expect(await storedOf(nights)).toMatchObject([{ code: 'MISSING_IN_LEDGER', status: 'open' }])
    expect(await toldOf(nights)).toEqual([
      'Ada resolved open -> resolved {"as":"explained","code":"AWAITING_LEDGER"}',
      'run reopened resolved -> open {"code":"MISSING_IN_LEDGER"}',
    ])
  })

  test('to assign and to comment changes no status; the owner of today again is refused', async () => {
    const nights = await openNights(database)
    await nights.night({ stripe: [paid('t1')] })
    const to_ben = { action: 'assign', owner: 'Ben', due_on: '2026-12-01' } as const
    await decided(nights, to_ben, await seenOf(nights))
    await decided(nights, { action: 'comment' }, await seenOf(nights), { note: 'asked the bank' })
    await expect(decided(nights, { ...to_ben, owner: ' ben' }, await seenOf(nights))).rejects.toThrow(
      'assigned so already',
    )
    await decided(nights, { action: 'assign', owner: null, due_on: null }, await seenOf(nights))
    expect(await statusesOf(nights)).toEqual(['open'])
    expect(await toldOf(nights)).toEqual([
      'Ada assigned -> Ben {"due_on":"2026-12-01"}',
      'Ada commented ->',
      'Ada assigned Ben -> {}',
    ])
  })

  test.each<[string, Decision, { by?: string; note?: string | null }, string]>([
    ['without a name', { action: 'acknowledge' }, { by: '  ' }, 'found no name'],
    ['in the name of a run', { action: 'acknowledge' }, { by: 'Run' }, 'events call a run'],
    ['to resolve without a note', { action: 'resolve', as: 'waived' }, { note: ' ' }, 'found no note'],
    ['to comment without one', { action: 'comment' }, { note: null }, 'found no note'],
    ['to reopen what is open', { action: 'reopen' }, {}, 'is open already'],
  ])('%s is refused, and nothing is written', async (_what, decision, act, why) => {
    const nights = await openNights(database)
    await nights.night({ stripe: [paid('t1')] })
    await expect(decided(nights, decision, await seenOf(nights), act)).rejects.toThrow(why)
    expect([await statusesOf(nights), await toldOf(nights)]).toEqual([['open'], []])
  })

  test('about several findings, one of which is resolved already, decides none of them', async () => {
    const nights = await openNights(database)
    await nights.night({ stripe: [paid('t1'), paid('t2')] })
    const [first, second] = await seenOf(nights)
    if (!first || !second) throw new Error('there are two findings')
    await decided(nights, { action: 'resolve', as: 'explained' }, [first], { note: 'paid in cash' })
    await expect(decided(nights, { action: 'resolve', as: 'waived' }, await seenOf(nights))).rejects.toThrow(
      /finding [0-9a-f]{10} is resolved already \(Ada resolved it as explained on 2026-11-20 09:00 UTC: "paid in cash"\); reopen it first/,
    )
    expect(await statusesOf(nights)).toEqual(['resolved', 'open'])
  })

  test('about a finding that is cleared is refused, but for a comment', async () => {
    const nights = await openNights(database)
    await nights.night({ stripe: [paid('t1')] })
    const customer = [
      {
        ...{ id: 'refund-1', refunded_amount: 4500, status: 'PAID', completed_at: '2026-11-10T12:00:00Z' },
        payments: [
          { id: 'leg-1', external_id: 're_1', refunded_amount: 4500, method: 'CREDIT_CARD', processor: 'STRIPE' },
        ],
      },
    ]
    expect(await nights.night({ customer })).toEqual([])
    await expect(decided(nights, { action: 'acknowledge' }, await seenOf(nights))).rejects.toThrow('is cleared')
    await decided(nights, { action: 'comment' }, await seenOf(nights))
    expect(await statusesOf(nights)).toEqual(['cleared'])
  })
})

describe('two persons at once', () => {
  test('the second is told what the first did, and nothing is written', async () => {
    const nights = await openNights(database)
    await nights.night({ stripe: [paid('t1')] })
    const seen = await seenOf(nights)
    const inTurn = (by: string, decision: Decision): Promise<Decided[]> =>
      withBusinessLock(database, nights.business, quiet, () => decided(nights, decision, seen, { by }))
    const ended = await Promise.allSettled([
      inTurn('Ada', { action: 'acknowledge' }),
      inTurn('Ben', { action: 'resolve', as: 'explained' }),
    ])
    const [refused, ...others] = ended.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
    expect(others).toEqual([])
    expect(String(refused?.reason)).toMatch(
      /nothing was written: finding [0-9a-f]{10} changed since you looked at it: (?:Ada acknowledged it|Ben resolved it as explained) on 2026-11-20 09:00 UTC: "looked at it"/,
    )
    expect(await toldOf(nights)).toHaveLength(1)
    await chainHolds(nights)
  })

  test('a decision about 45.00 is refused once a run has found 46.00, and a comment in between keeps none away', async () => {
    const nights = await openNights(database)
    await nights.night({ stripe: [paid('t1')] })
    const seen = await seenOf(nights)
    await decided(nights, { action: 'comment' }, seen, { by: 'Ben' })
    await decided(nights, { action: 'acknowledge' }, seen)
    const seen_then = await seenOf(nights)
    await database.query(
      `with changed as (
         update processor_row set amount = 4600 where business_id = $1 and transaction_id = 't1' returning business_id, row_no
       )
       insert into touched_item select business_id, row_no, '2026-11-01' from changed`,
      [nights.business.id],
    )
    await nights.night({})
    await expect(decided(nights, { action: 'reopen' }, seen_then)).rejects.toThrow('a run found other amounts')
    expect(await statusesOf(nights)).toEqual(['acknowledged'])
  })
})

describe('waiving', () => {
  const waive: Decision = { action: 'resolve', as: 'waived' }

  test('5.00 is allowed by a limit of 5.00, and 5.01 is not', async () => {
    const nights = await openNights(database)
    await nights.night({ stripe: [paid('t1', '5.00'), paid('t2', '5.01')] })
    const [five, more] = await seenOf(nights)
    if (!five || !more) throw new Error('there are two findings')
    await decided(nights, waive, [five], {}, { waive_limit: 500n })
    await expect(decided(nights, waive, [more], {}, { waive_limit: 500n })).rejects.toThrow(
      'comes to 5.01 USD, above the waive_limit of 5.00 USD',
    )
    await decided(nights, { action: 'resolve', as: 'explained' }, [more], {}, { waive_limit: 500n })
    expect(await statusesOf(nights)).toEqual(['resolved', 'resolved'])
  })

  test('counts fees beside the amount, without their signs: 4.00 and a fee of 0.30 come to 4.30', async () => {
    const nights = await openNights(database)
    await nights.night({ stripe: [paid('t1', '4.00').replace(',0.00,USD', ',0.30,USD')] })
    await expect(decided(nights, waive, await seenOf(nights), {}, { waive_limit: 429n })).rejects.toThrow('4.30 USD')
    await decided(nights, waive, await seenOf(nights), {}, { waive_limit: 430n })
  })

  test('is limited by month: 4.00 and 3.00 of November fit into 7.00, another 0.01 does not, nor do all at once', async () => {
    const nights = await openNights(database)
    await nights.night({
      stripe: [paid('t1', '4.00'), paid('t2', '3.00'), paid('t3', '0.01'), paid('t4', '6.00', '2026-10-20')],
    })
    const limits = { waive_limit_month: 700n }
    const [first, second, third, october] = await seenOf(nights)
    if (!first || !second || !third || !october) throw new Error('there are four findings')
    await expect(decided(nights, waive, [first, second, third], {}, limits)).rejects.toThrow(
      'comes to 0.01 USD in 2026-11, where 7.00 USD is waived already: 7.01 USD, above the waive_limit_month of 7.00 USD',
    )
    await decided(nights, waive, [first], {}, limits)
    await decided(nights, waive, [second], {}, limits)
    await expect(decided(nights, waive, [third], {}, limits)).rejects.toThrow('where 7.00 USD is waived already')
    await decided(nights, waive, [october], {}, limits)
    const [, again] = await seenOf(nights)
    if (!again) throw new Error('there are four findings')
    await decided(nights, { action: 'reopen' }, [again])
    await decided(nights, waive, [third], {}, limits)
    expect(await statusesOf(nights)).toEqual(['resolved', 'open', 'resolved', 'resolved'])
  })

  test('an effect in euros is refused where there is a limit in dollars, since neither says what the other is worth', async () => {
    const nights = await openNights(database)
    await nights.night({ stripe: [paid('t1', '1.00').replace('USD', 'EUR')] })
    await expect(decided(nights, waive, await seenOf(nights), {}, { waive_limit: 500n })).rejects.toThrow(
      'has effects in EUR, which no limit in USD can allow',
    )
    await decided(nights, waive, await seenOf(nights))
    expect(await statusesOf(nights)).toEqual(['resolved'])
  })
})
