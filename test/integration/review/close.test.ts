/** Months signed by a person, or by two: what is signed, what stands in the way, and what may change afterwards (spec section 7). */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { storeSettings } from '../../../src/business/settings.ts'
import type { BusinessConfig } from '../../../src/config/config.ts'
import { rowHash } from '../../../src/core/row-hash.ts'
import { reconcile } from '../../../src/reconciliation/reconcile.ts'
import {
  closeMonths,
  type Reviewed,
  reviewMonths,
  type SignedMonth,
  wouldClose,
} from '../../../src/review/close/close.ts'
import { monthStates } from '../../../src/review/close/closed-months.ts'
import { proveDocument } from '../../../src/review/close/document.ts'
import { reopenMonth } from '../../../src/review/close/reopen.ts'
import { exportedClose, proveCloses } from '../../../src/review/close/verify.ts'
import { decide } from '../../../src/review/decide.ts'
import { firstBrokenEvent } from '../../../src/review/events.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { type Nights, openNights } from '../../support/nights.ts'
import { quiet } from '../../support/quiet.ts'
import { openBusiness, takeIn } from '../../support/small-night.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

const AT = '2026-11-20T09:00:00Z'
const act = (by = 'Ada', note: string | null = null) => ({ by, at: AT, note })

/** A refund of Stripe of 45.00 on 10 October, unless another is said. */
const paid = (id: string, amount = '45.00', on = '2026-10-10'): string =>
  `${id},Refund,re_${id.slice(1)},ch_${id.slice(1)},,-${amount},0.00,USD,${on} 12:00:00`
const failed = (id: string, of: string, amount = '45.00', on = '2026-10-12'): string =>
  `${id},Refund failed,re_${of.slice(1)},,,${amount},0.00,USD,${on} 12:00:00`
const booked = (number: number, amount = 4500, on = '2026-10-10'): object => ({
  ...{ id: `refund-${number}`, refunded_amount: amount, status: 'PAID', completed_at: `${on}T12:00:00Z` },
  payments: [
    {
      id: `leg-${number}`,
      external_id: `re_${number}`,
      refunded_amount: amount,
      method: 'CREDIT_CARD',
      processor: 'STRIPE',
    },
  ],
})

interface Asked {
  accept_open?: string | null
  four_eyes?: boolean
  as_of?: string | null
}
const close = async (
  { business }: { business: BusinessConfig },
  month: string,
  by = 'Ada',
  { accept_open = null, four_eyes = false, as_of = null }: Asked = {},
): Promise<SignedMonth[]> =>
  await database.transaction((db) => closeMonths(db, business.id, { month, accept_open, as_of, four_eyes }, act(by)))
const review = async ({ business }: Nights, month: string, by: string): Promise<Reviewed> =>
  await database.transaction((db) => reviewMonths(db, business.id, month, act(by)))
const reopen = async (
  { business }: Nights,
  month: string,
  note: string | null = 'a line came late',
): Promise<string[]> => await database.transaction((db) => reopenMonth(db, business.id, month, act('Ada', note)))

/** 'closed' or 'prepared' by month. */
const statesOf = async ({ business }: Nights): Promise<Record<string, string | null>> =>
  Object.fromEntries((await monthStates(database, business.id)).map(({ month, state }) => [month, state]))
const verdictsOf = async ({ business }: Nights): Promise<Record<string, string>> =>
  Object.fromEntries(
    (
      await database.query<{ month: string; verdict: string }>(
        'select month, verdict from month_verdict where business_id = $1 order by month',
        [business.id],
      )
    ).map(({ month, verdict }) => [month, verdict]),
  )
/** 'STRIPE 4500 4500 0' : ledger, processor and explained amounts of customer refunds, as reports show them. */
const amountsOf = async ({ business }: Nights, month: string): Promise<string[]> =>
  (
    await database.query<{ text: string }>(
      `select concat_ws(' ', processor, ledger, processor_total, explained) as text from reported_line
       where business_id = $1 and month = $2 and measure = 'amount' and direction = 'customer' order by processor`,
      [business.id, month],
    )
  ).map(({ text }) => text)
/** Opening, new, cleared, resolved, changed, closing of the amount of Stripe's customer refunds, and the count of the closing. */
const rollOf = async ({ business }: Nights, month: string): Promise<bigint[]> => {
  const lines = await database.query<Record<string, bigint>>(
    `select opening, new, cleared, resolved, changed, closing from roll_forward
     where business_id = $1 and month = $2 and processor = 'STRIPE' and direction = 'customer' and measure = 'amount'`,
    [business.id, month],
  )
  return Object.values(lines[0] ?? {})
}
const resolve = async ({ business }: Nights, code: string, by = 'Ada'): Promise<void> => {
  const found = await database.query<{ id: string; code: string; effects: string; event_number: bigint }>(
    `select found.discrepancy_id as id, found.code,
       (select max(event_number) from event where business_id = $1 and subject = found.discrepancy_id and kind <> 'commented') as event_number,
       (select coalesce(json_agg(json_build_object('month', month, 'processor', processor, 'currency', currency,
          'amount', amount::text, 'refund_fee', refund_fee::text, 'returned_fee', returned_fee::text) order by month), '[]')::text
        from discrepancy_effect effect where effect.business_id = $1 and effect.discrepancy_id = found.discrepancy_id) as effects
     from discrepancy found where found.business_id = $1 and found.code = $2 and found.status = 'open'`,
    [business.id, code],
  )
  const deeds = found.map(({ id, event_number, effects, code: own }) => ({
    ...{ decision: { action: 'resolve', as: 'explained' } as const, note: 'looked at it' },
    taken: {
      ...{ discrepancy_id: id, event_number },
      row_hash: rowHash({ id, code: own, effects: JSON.parse(effects) }),
    },
  }))
  const limits = { id: business.id, currency: 'USD', waive_limit: null, waive_limit_month: null }
  await database.transaction((db) => decide(db, limits, { by, at: AT }, deeds))
}
const holds = async ({ business }: Nights, month: string): Promise<string[]> => {
  const { closes, chain } = await database.transaction((db) => proveCloses(db, business.id, month))
  return [...closes.flatMap(({ problems }) => problems), ...(chain === null ? [] : [chain])]
}

/** October: one refund of 45.00 on both sides. */
const october = async (settings = {}): Promise<Nights> => {
  const nights = await openNights(database, settings)
  await nights.night({ customer: [booked(1)], stripe: [paid('t1')] })
  return nights
}

describe('a close', () => {
  test('signs October with its figures, and keeps November open', async () => {
    const nights = await october()
    const [signed, ...others] = await close(nights, '2026-10')
    expect(others).toEqual([])
    expect(signed).toMatchObject({ month: '2026-10', state: 'closed', refused: [] })
    expect(await statesOf(nights)).toEqual({ '2026-10': 'closed', '2026-11': null })
    expect(signed?.content.tie_out).toMatchObject([
      { measure: 'amount', ledger: 4500, processor_total: 4500, unexplained: 0 },
      { measure: 'refund_fee' },
      { measure: 'returned_fee' },
    ])
    expect(await holds(nights, '2026-10')).toEqual([])
  })

  test('of October closes September before it, each with its own record', async () => {
    const nights = await openNights(database)
    await nights.night({
      customer: [booked(1), booked(2, 1000, '2026-09-30')],
      stripe: [paid('t1'), paid('t2', '10.00', '2026-09-30')],
    })
    await database.query(
      `update processor_file set covers_from = '2026-09-30', covers_to = '2026-11-19' where business_id = $1`,
      [nights.business.id],
    )
    await nights.night({ customer: [booked(1), booked(2, 1000, '2026-09-30')] })
    const signed = await close(nights, '2026-10', 'Ada', { accept_open: 'September has no files before the 30th' })
    expect(signed.map(({ month }) => month)).toEqual(['2026-09', '2026-10'])
    expect(await statesOf(nights)).toMatchObject({ '2026-09': 'closed', '2026-10': 'closed' })
    await expect(close(nights, '2026-09')).rejects.toThrow('2026-09 was closed by Ada on 2026-11-20')
  })

  test('is refused for a month that is not over, at the last run or at the instant given', async () => {
    const nights = await october()
    await expect(close(nights, '2026-11')).rejects.toThrow('2026-11 is not over as of 2026-11-16')
    await expect(close(nights, '2026-10', 'Ada', { as_of: '2026-10-31T23:59:00Z' })).rejects.toThrow(
      '2026-10 is not over',
    )
    expect(await statesOf(nights)).toEqual({ '2026-10': null, '2026-11': null })
  })

  test('is refused while 45.00 is missing in the books, unless a reason is signed with it', async () => {
    const nights = await openNights(database)
    await nights.night({ stripe: [paid('t1')], billpay: [] })
    await expect(close(nights, '2026-10')).rejects.toThrow('2026-10 is discrepant (1 item to correct')
    const [signed] = await close(nights, '2026-10', 'Ada', { accept_open: 'the books follow in November' })
    expect(signed?.content).toMatchObject({ accept_open: 'the books follow in November', verdict: 'discrepant' })
    expect(signed?.content.findings).toMatchObject([
      { code: 'MISSING_IN_LEDGER', rows: ['t1'], effects: [{ amount: -4500 }], decision: null },
    ])
  })

  test('is refused while a difference is unexplained, whatever the reason', async () => {
    const nights = await october()
    const unexplained = (amount: number) =>
      database.query(
        `update tie_out_line set unexplained = $2 where business_id = $1 and month = '2026-10' and measure = 'amount'`,
        [nights.business.id, amount],
      )
    await unexplained(1)
    await expect(close(nights, '2026-10', 'Ada', { accept_open: 'never mind' })).rejects.toThrow(
      '2026-10 has a difference that no finding explains',
    )
    await unexplained(0)
  })

  test('waits for a run over what came in: figures without it would be signed', async () => {
    const nights = await october()
    await takeIn(database, nights.business, {
      ...{ as_of: '2026-11-17T12:00:00Z', customer: [booked(1)], vendor: [] },
      files: { STRIPE: [paid('t2', '5.00')] },
    })
    await expect(close(nights, '2026-10')).rejects.toThrow('something came in since the last run')
    await nights.night({ customer: [booked(1)], billpay: [] })
    await expect(close(nights, '2026-10')).rejects.toThrow('2026-10 is discrepant')
  })

  test('shows what would be signed, and what stands in its way, and signs nothing', async () => {
    const nights = await openNights(database)
    await nights.night({ stripe: [paid('t1')], billpay: [] })
    const [would] = await wouldClose(
      database,
      nights.business.id,
      { month: '2026-10', accept_open: null, as_of: null, four_eyes: false },
      act(),
    )
    expect(would?.refused).toEqual([expect.stringContaining('2026-10 is discrepant')])
    expect(await statesOf(nights)).toMatchObject({ '2026-10': null })
    expect(await database.query('select from close where business_id = $1', [nights.business.id])).toEqual([])
  })
})

describe('four eyes', () => {
  const FOUR = { four_eyes: true }

  test('a prepared month is signed by the review of another person only', async () => {
    const nights = await october()
    await close(nights, '2026-10', 'Ada', FOUR)
    expect(await statesOf(nights)).toMatchObject({ '2026-10': 'prepared' })
    await expect(review(nights, '2026-10', ' aDA ')).rejects.toThrow('was prepared by Ada: another person')
    await expect(close(nights, '2026-10', 'Ben', FOUR)).rejects.toThrow('was prepared by Ada on 2026-11-20')
    expect(await review(nights, '2026-10', 'Ben')).toMatchObject({ closed: [{ month: '2026-10' }], voided: null })
    expect(await statesOf(nights)).toMatchObject({ '2026-10': 'closed' })
    expect(await holds(nights, '2026-10')).toEqual([])
  })

  test('the database itself refuses the same name twice, and a close by one person where two are asked', async () => {
    const nights = await october()
    await close(nights, '2026-10', 'Ada', FOUR)
    const sign = (actor: string) =>
      database.query(
        `insert into event (business_id, event_number, at, actor, kind, subject, previous_hash, hash)
         select $1, max(event_number) + 1, now(), $2, 'month_closed', 'close 2026-10/1', 'x', 'x' from event where business_id = $1`,
        [nights.business.id, actor],
      )
    await expect(sign(' ADA ')).rejects.toThrow('Ada prepared it: another person has to review it')
    const other = await october()
    await database.query('update business set four_eyes = true where business_id = $1', [other.business.id])
    await expect(
      database.query(
        `insert into close select $1, month, edition, prepared_by, prepared_at, false, accept_open, as_of, business, verdict, reasons,
           tie_out, roll_forward, carried, findings, sources, event_number, event_hash, sha256 from close where business_id = $2`,
        [other.business.id, nights.business.id],
      ),
    ).rejects.toThrow('needs a second person')
  })

  test('a decision between the two voids what was prepared, and the reviewer is told', async () => {
    const nights = await openNights(database)
    await nights.night({ stripe: [paid('t1')], billpay: [] })
    await close(nights, '2026-10', 'Ada', { ...FOUR, accept_open: 'later' })
    await resolve(nights, 'MISSING_IN_LEDGER', 'Cleo')
    const { closed, voided } = await review(nights, '2026-10', 'Ben')
    expect(closed).toEqual([])
    expect(voided).toMatchObject({ month: '2026-10', prepared_by: 'Ada' })
    expect(voided?.differences.join('; ')).toMatch(
      /reconciled, no longer discrepant.*MISSING_IN_LEDGER .* is resolved, no longer open/,
    )
    expect(await statesOf(nights)).toMatchObject({ '2026-10': null })
    await close(nights, '2026-10', 'Ada', FOUR)
    expect(await review(nights, '2026-10', 'Ben')).toMatchObject({ closed: [{ month: '2026-10' }] })
    expect(await holds(nights, '2026-10')).toEqual([])
  })

  test('a night that brings nothing of the month does not void it; a night that brings a line of it does', async () => {
    const nights = await october()
    await close(nights, '2026-10', 'Ada', FOUR)
    await nights.night({ customer: [booked(1)], stripe: [paid('t2', '9.00', '2026-11-10')] })
    expect(await review(nights, '2026-10', 'Ben')).toMatchObject({ voided: null })
    const other = await october()
    await close(other, '2026-10', 'Ada', FOUR)
    await other.night({ customer: [booked(1)], stripe: [paid('t2', '9.00')] })
    expect((await review(other, '2026-10', 'Ben')).voided?.differences).toContain('the tie-out has other figures')
  })

  test('a prepared month can be taken back', async () => {
    const nights = await october()
    await close(nights, '2026-10', 'Ada', FOUR)
    expect(await reopen(nights, '2026-10')).toEqual(['2026-10'])
    expect(await statesOf(nights)).toMatchObject({ '2026-10': null })
  })
})

describe('after a close', () => {
  const closedOctober = async (): Promise<Nights> => {
    const nights = await october()
    await close(nights, '2026-10')
    return nights
  }
  /** The figures of October stay as signed, and November says that they would be others. */
  const changed = async (nights: Nights, [ledger, processor]: readonly [string, string]): Promise<void> => {
    expect(await amountsOf(nights, '2026-10')).toEqual(['STRIPE 4500 4500 0'])
    expect(await verdictsOf(nights)).toEqual({ '2026-10': 'reconciled', '2026-11': 'discrepant' })
    const [found] = await database.query<{ late: boolean; differs: unknown; month: string }>(
      `select late, differs, month from discrepancy where business_id = $1 and code = 'CHANGED_AFTER_CLOSE' and status = 'open'`,
      [nights.business.id],
    )
    expect(found).toMatchObject({ late: true, month: '2026-10' })
    expect(found?.differs).toMatchObject([
      {
        measure: 'amount',
        ledger: '4500',
        ledger_now: ledger,
        processor_total: '4500',
        processor_total_now: processor,
      },
    ])
    expect(await holds(nights, '2026-10')).toEqual([])
  }

  test('a late line of 9.00 is late, and changes nothing that was signed', async () => {
    const nights = await closedOctober()
    const found = await nights.night({ customer: [booked(1)], stripe: [paid('t2', '9.00')], billpay: [] })
    expect(found).toEqual(['CHANGED_AFTER_CLOSE t2', 'MISSING_IN_LEDGER t2'])
    const late = await database.query(`select code from discrepancy where business_id = $1 and late order by code`, [
      nights.business.id,
    ])
    expect(late).toEqual([{ code: 'CHANGED_AFTER_CLOSE' }, { code: 'MISSING_IN_LEDGER' }])
    await changed(nights, ['4500', '5400'])
  })

  test('a line of November is not late, and nothing of October changed', async () => {
    const nights = await closedOctober()
    const found = await nights.night({ customer: [booked(1)], stripe: [paid('t2', '9.00', '2026-11-09')] })
    expect(found).toEqual(['MISSING_IN_LEDGER t2'])
    expect(
      await database.query('select from discrepancy where business_id = $1 and late', [nights.business.id]),
    ).toEqual([])
  })

  test('a late reversal of the refund of 45.00 changes the total by it', async () => {
    const nights = await closedOctober()
    const found = await nights.night({ customer: [booked(1)], stripe: [failed('t3', 't1')], billpay: [] })
    expect(found).toEqual(['CHANGED_AFTER_CLOSE t3', 'REFUND_FAILED leg-1 t1 t3'])
    await changed(nights, ['4500', '0'])
  })

  test('a refund removed from the ledger changes its total', async () => {
    const nights = await closedOctober()
    const found = await nights.night({ customer: [], billpay: [] })
    expect(found).toEqual(['CHANGED_AFTER_CLOSE leg-1', 'LEDGER_REFUND_REMOVED refund-1', 'MISSING_IN_LEDGER t1'])
    await changed(nights, ['0', '4500'])
  })

  test('a change of settings that moves the books to another processor changes both', async () => {
    const nights = await closedOctober()
    const { business } = nights
    const aliased = {
      ...business,
      processors: business.processors.map((each) =>
        each.name === 'BILLPAY' ? { ...each, aliases: ['STRIPE'] } : each,
      ),
    }
    await storeSettings(database, aliased)
    const as_of = '2026-11-17T12:00:00Z'
    await reconcile(database, business.id, { as_of, now: as_of, full: true, log: quiet })
    const found = await database.query<{ processor: string }>(
      `select processor from discrepancy where business_id = $1 and code = 'CHANGED_AFTER_CLOSE' order by processor`,
      [business.id],
    )
    expect(found.map(({ processor }) => processor)).toEqual(['BILLPAY', 'STRIPE'])
    expect(await amountsOf(nights, '2026-10')).toEqual(['STRIPE 4500 4500 0'])
  })

  test('what was settled opens again when more of it changes', async () => {
    const nights = await closedOctober()
    await nights.night({ customer: [booked(1)], stripe: [paid('t2', '9.00')], billpay: [] })
    await resolve(nights, 'CHANGED_AFTER_CLOSE')
    const status = async () =>
      (
        await database.query<{ status: string }>(
          `select status from discrepancy where business_id = $1 and code = 'CHANGED_AFTER_CLOSE'`,
          [nights.business.id],
        )
      )[0]?.status
    expect(await verdictsOf(nights)).toMatchObject({ '2026-11': 'reconciled' })
    await nights.night({ customer: [booked(1)] })
    expect(await status()).toBe('resolved')
    await nights.night({ customer: [booked(1)], stripe: [paid('t3', '1.00')] })
    expect(await status()).toBe('open')
  })

  test('reopened and closed again it has the new figures, and the first signature is kept', async () => {
    const nights = await closedOctober()
    const customer = [booked(1), booked(2, 900)]
    await nights.night({ customer, stripe: [paid('t2', '9.00')], billpay: [] })
    await expect(reopen(nights, '2026-10', null)).rejects.toThrow('found no note')
    await reopen(nights, '2026-10')
    expect(await verdictsOf(nights)).toEqual({ '2026-10': 'reconciled', '2026-11': 'reconciled' })
    expect(await amountsOf(nights, '2026-10')).toEqual(['STRIPE 5400 5400 0'])
    expect(
      await database.query('select from discrepancy where business_id = $1 and late', [nights.business.id]),
    ).toEqual([])
    expect(await nights.night({ customer })).toEqual([])
    await close(nights, '2026-10', 'Ben')
    const { closes } = await database.transaction((db) => proveCloses(db, nights.business.id, '2026-10'))
    expect(closes.map(({ edition, state, prepared_by, problems }) => [edition, state, prepared_by, problems])).toEqual([
      [1, 'superseded', 'Ada', []],
      [2, 'closed', 'Ben', []],
    ])
    expect(await nights.night({ customer })).toEqual([])
  })

  test('only the last closed month is opened again', async () => {
    const nights = await openNights(database)
    await nights.night({ customer: [booked(1), booked(2, 900, '2026-09-30')], stripe: [paid('t1')] })
    await close(nights, '2026-10', 'Ada', { accept_open: 'September has no files' })
    await expect(reopen(nights, '2026-09')).rejects.toThrow('2026-10 is closed too, and comes after: reopen that first')
    await reopen(nights, '2026-10')
    expect(await reopen(nights, '2026-09')).toEqual(['2026-09'])
    await expect(reopen(nights, '2026-09')).rejects.toThrow('2026-09 is open')
  })
})

describe('the roll-forward', () => {
  test('carries what was signed: cleared, resolved, changed and new come to the closing', async () => {
    const nights = await openNights(database)
    const lines = [paid('t1', '10.00'), paid('t2', '20.00'), paid('t3', '40.00'), paid('t4', '80.00')]
    await nights.night({ stripe: lines, billpay: [] })
    expect(await rollOf(nights, '2026-10')).toEqual([0n, -15000n, 0n, 0n, 0n, -15000n])
    expect(await rollOf(nights, '2026-11')).toEqual([-15000n, 0n, 0n, 0n, 0n, -15000n])
    await close(nights, '2026-10', 'Ada', { accept_open: 'the books follow' })
    expect(await rollOf(nights, '2026-11')).toEqual([-15000n, 0n, 0n, 0n, 0n, -15000n])
    // t1 is booked, t3 at another amount; t5 of November and t6 of October are new
    const customer = [booked(1, 1000), booked(3, 3000)]
    await nights.night({ customer, stripe: [paid('t5', '1.00', '2026-11-09'), paid('t6', '2.00')], billpay: [] })
    // t3 is another finding now: what was missing is cleared, 10.00 of an amount that differs is new
    expect(await rollOf(nights, '2026-11')).toEqual([-15000n, -100n - 200n - 1000n, -5000n, 0n, 0n, -11300n])
    await resolve(nights, 'MISSING_IN_LEDGER')
    expect(await rollOf(nights, '2026-11')).toEqual([-15000n, -1000n, -5000n, -10000n, 0n, -1000n])
  })

  test('says changed of a finding that stands with another amount', async () => {
    const nights = await openNights(database)
    await nights.night({ customer: [booked(1, 4000)], stripe: [paid('t1')], billpay: [] })
    await close(nights, '2026-10', 'Ada', { accept_open: 'being corrected' })
    await nights.night({ customer: [booked(1, 4400)] })
    expect(await rollOf(nights, '2026-11')).toEqual([-500n, 0n, 0n, 0n, 400n, -100n])
  })
})

describe('the proof', () => {
  /** Changes what the database guards, as its owner can. */
  const tamper = async (sql: string): Promise<void> => {
    await database.transaction(async (db) => {
      await db.query(`set local session_replication_role = replica`)
      await db.query(sql)
    })
  }

  test('what is signed is never changed: not by its owner either, while the triggers are on', async () => {
    const nights = await october()
    await close(nights, '2026-10')
    const { id } = nights.business
    await expect(database.query(`update close set verdict = 'waiting' where business_id = $1`, [id])).rejects.toThrow(
      // on Citus it has the name of the shard
      /close(_\d+)? is only added to/,
    )
    await expect(database.query(`delete from close where business_id = $1`, [id])).rejects.toThrow('close')
  })

  test('names a closed month of which an amount was changed behind the triggers', async () => {
    const nights = await october()
    await close(nights, '2026-10')
    await tamper(
      `update close set tie_out = replace(tie_out::text, '4500', '4600')::json where business_id = '${nights.business.id}'`,
    )
    expect(await holds(nights, '2026-10')).toEqual([expect.stringContaining('it was changed after it was signed')])
  })

  test('names one whose hash was changed with it', async () => {
    const nights = await october()
    await close(nights, '2026-10')
    await tamper(`update close set sha256 = repeat('a', 64) where business_id = '${nights.business.id}'`)
    expect((await holds(nights, '2026-10')).join()).toMatch(
      /close 2026-10\/1 that it names was changed after it was signed/,
    )
  })

  test('names a close that is gone', async () => {
    const nights = await october()
    await close(nights, '2026-10')
    await tamper(`delete from close_items where business_id = '${nights.business.id}'`)
    await tamper(`delete from close where business_id = '${nights.business.id}'`)
    expect(await holds(nights, '2026-10')).toEqual([
      expect.stringContaining('the close 2026-10/1 that it names is gone'),
    ])
    expect(await database.transaction((db) => firstBrokenEvent(db, nights.business.id))).toMatchObject({
      problem: 'the close 2026-10/1 that it names is gone',
    })
  })

  test('of a file alone: as written it holds, and with one digit changed anywhere it does not', async () => {
    const nights = await october()
    await close(nights, '2026-10', 'Ada', { four_eyes: true })
    await review(nights, '2026-10', 'Ben')
    const document = await exportedClose(database, nights.business.id, '2026-10')
    const text = JSON.stringify(document, null, 2)
    expect(proveDocument(text)).toMatchObject({
      month: '2026-10',
      prepared_by: 'Ada',
      reviewed_by: 'Ben',
      problems: [],
    })
    const digits = [...text.matchAll(/\d/g)].map(({ index }) => index)
    const held = digits.filter((place) => {
      const other = `${text.slice(0, place)}${(Number(text[place]) + 1) % 10}${text.slice(place + 1)}`
      return proveDocument(other)?.problems.length === 0
    })
    expect(held).toEqual([])
    for (const [name, other] of [
      ['Ben', 'Bob'],
      ['Ada', 'Ana'],
      ['reconciled', 'discrepant'],
    ] as const)
      expect(proveDocument(text.replaceAll(name, other))?.problems).not.toEqual([])
    expect(proveDocument('{"schema": "tieout.report/2"}')).toBeNull()
  })
})

test('a close of a business that was never reconciled is refused', async () => {
  const business = await openBusiness(database)
  await expect(close({ business }, '2026-10')).rejects.toThrow('it was never reconciled')
})
