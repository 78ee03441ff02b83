/**
 * Listings, files, withdrawals, runs, decisions, rulings, closes, reopenings and kills, one after the other at random: nothing
 * that a person wrote is lost, the chain and every close verify, what was signed does not move, the roll-forward carries, and
 * every difference is explained (spec section 7).
 */

import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/database/connect.ts'
import { run } from '../../src/database/statement.ts'
import { withdrawFiles } from '../../src/processor/store/withdraw.ts'
import { reconcile } from '../../src/reconciliation/reconcile.ts'
import { describeFindings, type FindingHead } from '../../src/report/discrepancies.ts'
import type { BusinessLine } from '../../src/report/lines.ts'
import { stateOf } from '../../src/report/state.ts'
import { closeMonths, reviewMonths } from '../../src/review/close/close.ts'
import { monthStates } from '../../src/review/close/closed-months.ts'
import { reopenMonth } from '../../src/review/close/reopen.ts'
import { proveCloses } from '../../src/review/close/verify.ts'
import { decide } from '../../src/review/decide.ts'
import type { Decision } from '../../src/review/deeds.ts'
import { verifyChain } from '../../src/review/events.ts'
import { forgetRuling, readRulings, ruleMatch, ruleUnmatch } from '../../src/review/rulings.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { wrongsIn } from '../support/integrity.ts'
import { quiet } from '../support/quiet.ts'
import { unfooted } from '../support/roll-forward-items.ts'
import { runs } from '../support/runs.ts'
import { openBusiness, takeIn } from '../support/small-night.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

const place = fc.integer({ min: 0, max: 30 })
/** One month that can be closed, and the one after it. */
const on = fc.constantFrom('2026-10-20', '2026-10-20', '2026-11-05')
const refund = fc.record({
  on,
  place: fc.integer({ min: 1, max: 5 }),
  amount: fc.constantFrom(100, 200, 300),
  external_id: fc.option(fc.constantFrom('re_1', 're_2', 're_3'), { freq: 2 }),
})
const line = fc.record({
  on,
  amount: fc.constantFrom(100, 200, 300),
  refund: fc.option(fc.constantFrom('re_1', 're_2', 're_3'), { freq: 3 }),
  kind: fc.constantFrom('Refund', 'Refund', 'Refund', 'Refund failed'),
})
const decision = fc.constantFrom<Decision>(
  { action: 'acknowledge' },
  { action: 'resolve', as: 'explained' },
  { action: 'resolve', as: 'waived' },
  { action: 'reopen' },
  { action: 'assign', owner: 'Ben', due_on: '2026-12-01' },
  { action: 'comment' },
)
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('night' as const),
      listed: fc.uniqueArray(refund, { maxLength: 4, selector: (one) => one.place }),
      lines: fc.array(line, { maxLength: 3 }),
      full: fc.constantFrom(false, false, true),
    }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('decide' as const), decision, place }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('match' as const), leg: place, row: place }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('unmatch' as const), leg: place }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('forget' as const), place }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('withdraw' as const), place }) },
  { weight: 6, arbitrary: fc.record({ does: fc.constant('close' as const), four_eyes: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('review' as const) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('reopen' as const) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('killed' as const), full: fc.boolean() }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

class Killed extends Error {}

/** A database whose transactions are done, and broken off before they end. */
const breakingOff = (sound: Database): Database => ({
  ...sound,
  transaction: async (work, isolation) =>
    await sound.transaction(async (db) => {
      await work(db)
      throw new Killed()
    }, isolation),
})

const at = <T>(list: readonly T[], number: number): T | undefined => list[number % Math.max(list.length, 1)]

/** Lives through the steps; each ends with what has to hold. */
async function liveThrough(steps: readonly Step[]): Promise<void> {
  const business = await openBusiness(database)
  const { id } = business
  const limits = { ...business, waive_limit: 250n, waive_limit_month: 400n }
  let [lines, minutes, nights] = [0, 0, 0]
  const asked = async <T>(sql: string): Promise<T[]> => await database.query<T>(sql, [id])
  const numbers = async (sql: string): Promise<bigint[]> =>
    (await asked<{ number: bigint }>(sql)).map(({ number }) => number)
  const act = () => {
    minutes += 1
    return {
      by: minutes % 2 === 0 ? 'Ada' : 'Ben',
      at: `2026-11-30T10:${String(minutes % 60).padStart(2, '0')}:00Z`,
      note: `note ${minutes}`,
    }
  }
  /** What is refused is refused whole: nothing of it is there. */
  const attempt = async (
    work: (db: Parameters<Parameters<Database['transaction']>[0]>[0]) => Promise<unknown>,
  ): Promise<void> => {
    const before = await written()
    await database.transaction(work).catch(async (problem: unknown) => {
      expect(problem).toMatchObject({ code: 'REVIEW' })
      expect(await written()).toEqual(before)
    })
  }
  /** All that persons ever wrote. */
  const written = async (): Promise<unknown[]> =>
    await asked(
      `select event_number, at, actor, kind, subject, from_state, to_state, note, details, hash from event
       where business_id = $1 and actor <> 'run' order by event_number`,
    )

  const doStep = async (one: Step): Promise<void> => {
    const as_of = `2026-11-${15 + Math.min(nights, 10)}T12:00:00Z`
    switch (one.does) {
      case 'night': {
        nights += 1
        const customer = one.listed.map(({ place: number, amount, external_id, on: date }) => ({
          ...{ id: `refund-${number}`, refunded_amount: amount, status: 'PAID', completed_at: `${date}T12:00:00Z` },
          payments: [
            { id: `leg-${number}`, external_id, refunded_amount: amount, method: 'CREDIT_CARD', processor: 'STRIPE' },
          ],
        }))
        const stripe = one.lines.map(({ kind, refund: refund_id, amount, on: date }) => {
          lines += 1
          return `t${lines},${kind},${refund_id ?? ''},,,${kind === 'Refund' ? '-' : ''}${amount / 100}.00,0.00,USD,${date} 12:00:00`
        })
        await takeIn(database, business, {
          as_of,
          customer,
          vendor: [],
          files: stripe.length > 0 ? { STRIPE: stripe } : {},
        })
        await reconcile(database, id, { as_of, now: as_of, full: one.full, log: quiet })
        return
      }
      case 'killed': {
        const before = await asked(
          `select discrepancy_id, status from discrepancy where business_id = $1 order by discrepancy_id`,
        )
        await expect(
          reconcile(breakingOff(database), id, { as_of, now: as_of, full: one.full, log: quiet }),
        ).rejects.toBeInstanceOf(Killed)
        expect(
          await asked(`select discrepancy_id, status from discrepancy where business_id = $1 order by discrepancy_id`),
        ).toEqual(before)
        await reconcile(database, id, { as_of, now: as_of, full: one.full, log: quiet })
        return
      }
      case 'close': {
        const request = { month: '2026-10', accept_open: 'at random', as_of: null, four_eyes: one.four_eyes }
        await attempt((db) => closeMonths(db, id, request, act()))
        return
      }
      case 'review': {
        await attempt((db) => reviewMonths(db, id, '2026-10', act()))
        return
      }
      case 'reopen': {
        await attempt((db) => reopenMonth(db, id, '2026-10', act()))
        return
      }
      case 'decide': {
        const finding = at(await findings(), one.place)
        if (finding === undefined) return
        const { note, ...decider } = act()
        const taken = { discrepancy_id: finding.id, ...stateOf(finding) }
        await attempt((db) => decide(db, limits, decider, [{ decision: one.decision, note, taken }]))
        return
      }
      case 'match': {
        const leg = at(
          await numbers(`select leg_no as number from ledger_leg where business_id = $1 order by leg_no`),
          one.leg,
        )
        const row = at(
          await numbers(`select row_no as number from processor_row where business_id = $1 order by row_no`),
          one.row,
        )
        if (leg === undefined || row === undefined) return
        await attempt((db) => ruleMatch(db, id, { leg_nos: [leg], row_nos: [row] }, act()))
        return
      }
      case 'unmatch': {
        const leg = at(
          await numbers(
            `select leg_no as number from match_item where business_id = $1 and leg_no is not null order by leg_no`,
          ),
          one.leg,
        )
        if (leg !== undefined) await attempt((db) => ruleUnmatch(db, id, { leg_nos: [leg], row_nos: [] }, act()))
        return
      }
      case 'forget': {
        const ruling = at(await readRulings(database, id), one.place)
        if (ruling !== undefined) await attempt((db) => forgetRuling(db, id, ruling, act()))
        return
      }
      case 'withdraw': {
        const file = at(
          await numbers(
            `select file_id as number from processor_file where business_id = $1 and state = 'imported' order by file_id`,
          ),
          one.place,
        )
        const owner = { business_id: id, processor: 'STRIPE', account: '' }
        if (file !== undefined) await database.transaction((db) => withdrawFiles(db, owner, [file]))
      }
    }
  }

  const findings = async () => {
    const [whose] = await run<BusinessLine>(database, 'report/businesses', [[id]])
    const heads = await asked<FindingHead>(
      `select business_id, discrepancy_id, code, direction, processor, currency, refund_id, month, measure, status, dated_on, due_on,
         first_seen_at, last_seen_at, late, 1::bigint as of_code
       from discrepancy where business_id = $1 order by discrepancy_id`,
    )
    return whose ? await describeFindings(database, whose, '2026-11-30', heads) : []
  }

  /** What a report says of October: its verdict, its tie-out, what explains it, its roll-forward. */
  const october = async (): Promise<unknown> => [
    await run(database, 'report/verdicts', [id, '2026-10', '2026-10']),
    await run(database, 'report/tie_out', [id, '2026-10', '2026-10']),
    await run(database, 'report/effects', [id, '2026-10', '2026-10']),
    await run(database, 'close/roll_forward', [id, '2026-10', '2026-10']),
  ]
  let signed: unknown = null
  /** What was signed verifies and stands still, and each month opens with what the one before it closed with. */
  const standsStill = async (): Promise<void> => {
    const closed = (await monthStates(database, id)).some(({ state }) => state === 'closed')
    const now = closed ? await october() : null
    if (signed !== null && now !== null) expect(now).toEqual(signed)
    signed = now
    if ((await asked('select from close where business_id = $1')).length > 0) {
      const { closes, chain } = await database.transaction((db) => proveCloses(db, id, '2026-10'))
      expect([chain, closes.flatMap(({ problems }) => problems)]).toEqual([null, []])
    }
    const rolled = await run(database, 'close/roll_forward', [id, null, null])
    for (const { direction, processor, currency, measure, month, closing } of rolled) {
      if (month !== '2026-10') continue
      const next = rolled.find(
        (each) =>
          each.month === '2026-11' &&
          [each.direction, each.processor, each.currency, each.measure].join() ===
            [direction, processor, currency, measure].join(),
      )
      expect([processor, measure, next?.opening ?? 0n]).toEqual([processor, measure, closing])
    }
    expect(await unfooted(database, id)).toEqual([])
    const lines = await asked<{ wrong: boolean }>(
      `select line.explained <> coalesce(sum(case line.measure when 'amount' then effect.amount when 'refund_fee' then effect.refund_fee
           else effect.returned_fee end), 0) as wrong
       from reported_line line
       left join reported_effect effect
         on effect.business_id = line.business_id and effect.month = line.month and effect.direction = line.direction
         and effect.processor = line.processor and effect.currency = line.currency
       where line.business_id = $1
       group by line.business_id, line.month, line.direction, line.processor, line.currency, line.measure, line.explained`,
    )
    expect(lines.filter(({ wrong }) => wrong)).toEqual([])
  }

  const holds = async (before: readonly unknown[], is_settled: boolean): Promise<void> => {
    await standsStill()
    expect((await written()).slice(0, before.length)).toEqual(before)
    expect((await database.transaction((db) => verifyChain(db, id))).broken).toBeNull()
    const rulings = await asked(`select ruling_id from ruling where business_id = $1`)
    const ruled = await asked(`select subject from event where business_id = $1 and kind = 'ruled'`)
    expect(rulings).toHaveLength(ruled.length)
    for (const { id: finding, status, history } of await findings()) {
      const last = history.findLast(({ kind }) => !['assigned', 'commented', 'overdue', 'waiting'].includes(kind))
      if (last !== undefined) expect([finding, status]).toEqual([finding, last.to])
    }
    if (!is_settled) return
    expect(await wrongsIn(database)).toEqual([])
    expect(await asked(`select from tie_out_line where business_id = $1 and unexplained <> 0`)).toEqual([])
  }

  for (const one of steps) {
    const before = await written()
    await doStep(one)
    await holds(before, one.does === 'night' || one.does === 'killed')
  }
  // in the end a run follows every ruling that stands
  const before = await written()
  await reconcile(database, id, { as_of: '2026-11-29T12:00:00Z', now: '2026-11-29T12:00:00Z', full: true, log: quiet })
  await holds(before, true)
  await followed(id)
}

/** What one ruling makes one match, no later one forbids, and counts, is a match by hand; what one forbids is none. */
const followed = async (id: string): Promise<void> => {
  const wrong = await database.query(
    `select ruling.ruling_id, ruling.kind
     from ruling
     join leg on leg.business_id = ruling.business_id and leg.leg_no = ruling.leg_nos[1] and not leg.is_outside
     join refund_row line on line.business_id = ruling.business_id and line.row_no = ruling.row_nos[1]
     left join match_item leg_match on leg_match.business_id = ruling.business_id and leg_match.leg_no = leg.leg_no
     left join match_item row_match on row_match.business_id = ruling.business_id and row_match.row_no = line.row_no
     where ruling.business_id = $1 and ruling.forgotten_at is null and cardinality(ruling.leg_nos) = 1 and cardinality(ruling.row_nos) = 1
       and not exists (
         select from ruling later
         where later.business_id = ruling.business_id and later.forgotten_at is null and later.made_no > ruling.made_no
           and later.leg_nos && ruling.leg_nos and later.row_nos && ruling.row_nos and later.kind <> ruling.kind)
       and case ruling.kind
         when 'match' then leg_match.match_no is distinct from row_match.match_no or leg_match.pass is distinct from 'manual'
         else leg_match.match_no = row_match.match_no and line.type <> 'refund_reversal' end`,
    [id],
  )
  expect(wrong).toEqual([])
}

const sequences = { ...runs('TIEOUT_DECISIONS', 30), endOnFailure: true }

test('whatever happens in whatever order, what persons wrote stays, the chain verifies, and nothing is unexplained', {
  timeout: 60_000 + sequences.numRuns * 6_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14 }), async (steps) => {
      await liveThrough(steps)
    }),
    sequences,
  )
})
