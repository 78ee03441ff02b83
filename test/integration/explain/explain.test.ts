/** `tieout explain` on a real database: where everything stands, each pass in turn, and the SQL that shows the figures. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explanationDocument } from '../../../src/command/explain/document.ts'
import type { Explanation } from '../../../src/command/explain/explanation.ts'
import { explanationText } from '../../../src/command/explain/text.ts'
import type { BusinessConfig } from '../../../src/config/config.ts'
import type { Pass } from '../../../src/matching/types.ts'
import { reconcile } from '../../../src/reconciliation/reconcile.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { quiet } from '../../support/quiet.ts'
import { openBusiness, takeIn } from '../../support/small-night.ts'
import { contentOf } from '../../support/tables.ts'
import { AS_OF, explainIn, liveThroughAll, refund } from './world.ts'

let database: FreshDatabase
let business: BusinessConfig

beforeAll(async () => {
  database = await freshDatabase()
  business = await liveThroughAll(database)
})
afterAll(async () => await database.close())

const explain = (id: string): Promise<Explanation> => explainIn(database, [business], id)

const refusal = async (id: string): Promise<string> => await explain(id).then(() => '', String)

/** 'refund_id: leg pay-1 row t1 4500 - 4000 = 500' of each match. */
const matchesOf = ({ stored, details }: Explanation): string[] =>
  stored.matches.map(({ pass, leg_nos, row_nos, totals }) => {
    const legs = leg_nos.map((leg_no) => details.leg(leg_no)?.leg_id)
    const rows = row_nos.map((row_no) => details.row(row_no)?.transaction_id)
    const sums = totals.map((total) => `${total.ledger_amount} - ${total.processor_amount} = ${total.amount}`)
    return `${pass}: ${[...legs, ...rows].join(' ')} ${sums.join()}`
  })

const candidatesOf = ({ passes }: Explanation, pass: Pass): string[] =>
  passes.find((story) => story.pass === pass)?.candidates.map(({ outcome, why }) => `${outcome}: ${why}`) ?? []

const outcomesOf = ({ passes }: Explanation): string[] => passes.map(({ outcome }) => outcome)

const findingsOf = ({ findings }: Explanation): string[] =>
  findings.map(({ code, effects }) =>
    `${code} ${effects.map(({ month, amount }) => `${month} ${amount}`).join()}`.trim(),
  )

describe('a match', () => {
  it.each<[Pass, string, string]>([
    ['manual', 'pay-12', 'manual: pay-12 t12 5100 - 5000 = 100'],
    ['refund_id', 'pay-1', 'refund_id: pay-1 t1 4500 - 4000 = 500'],
    ['payment_reference', 'pay-2', 'payment_reference: pay-2 t2 3000 - 3000 = 0'],
    ['payment_group', 't3', 'payment_group: pay-3a pay-3b t3 2500 - 2500 = 0'],
    ['payment_reference_only', 't4', 'payment_reference_only: pay-4 t4 1200 - 1100 = 100'],
    ['amount_and_date', 'pay-5', 'amount_and_date: pay-5 t5 7700 - 7700 = 0'],
    ['cancelled', 't10', 'cancelled: t10 t11 0 - 0 = 0'],
  ])('of pass %s stands as stored, and matching anew gives the same', async (pass, id, match) => {
    const explanation = await explain(id)
    expect(matchesOf(explanation)).toEqual([match])
    expect(explanation.passes.find((story) => story.pass === pass)?.outcome).toBe('matched')
    expect(explanation.differences).toEqual([])
  })

  it('of 45.00 with 40.00 carries its finding of 5.00', async () => {
    const explanation = await explain('pay-1')
    expect(findingsOf(explanation)).toEqual(['AMOUNT_MISMATCH 2026-11 500'])
    expect(candidatesOf(explanation, 'refund_id')).toEqual(['matched: The books and the processor both name re_1.'])
    const text = explanationText(explanation)
    expect(text).toContain('Ledger 45.00 USD, processor 40.00 USD; ledger less processor: amount 5.00 USD.')
    expect(text).toContain('  Effect in 2026-11, STRIPE: amount 5.00 USD.')
    expect(text).toContain('row t1: 40.00 USD on 2026-11-03, STRIPE, stripe.csv line 2')
  })

  it('of pass 4 says that the sums of 12.00 and 11.00 kept pass 3 from it', async () => {
    expect(candidatesOf(await explain('t4'), 'payment_group')).toEqual([
      'not_equal: All that is left with ch_4 is 12.00 USD in the books and 11.00 USD at the processor: no equal sums.',
    ])
  })

  it('is named by the id that both of its sides bear', async () => {
    const { legs, rows } = await explain('re_1')
    expect([legs.map(({ leg_id }) => leg_id), rows.map(({ transaction_id }) => transaction_id)]).toEqual([
      ['pay-1'],
      ['t1'],
    ])
  })

  it('that a person made says who and why', async () => {
    expect(explanationText(await explain('pay-12'))).toContain(
      'Ada Brook ruled match on 2026-11-19: seen in the dashboard',
    )
  })
})

describe('an open item', () => {
  it('of 66.00 says which row was vetoed in each pass, and why', async () => {
    const explanation = await explain('pay-6')
    expect(explanation.stored.open_legs.map(({ state }) => state)).toEqual(['unmatched'])
    expect(outcomesOf(explanation)).toEqual([
      ...Array(2).fill('no_candidate'),
      ...Array(4).fill('left'),
      'no_candidate',
    ])
    for (const pass of ['payment_reference', 'payment_group', 'payment_reference_only', 'amount_and_date'] as const) {
      expect(candidatesOf(explanation, pass)).toEqual([
        'vetoed: The leg names refund re_66 and the row is refund re_67.',
      ])
    }
    expect(findingsOf(explanation)).toEqual(['MISSING_AT_PROCESSOR 2026-11 6600'])
  })

  it('of 21.00 that is booked twice names the leg that has its row', async () => {
    const explanation = await explain('pay-8')
    expect(explanation.stored.open_legs.map(({ state }) => state)).toEqual(['duplicate'])
    expect(candidatesOf(explanation, 'refund_id')).toContain(
      'taken: Row t7 was taken in pass 1 (refund_id) with leg pay-7.',
    )
    expect(findingsOf(explanation)).toEqual(['DUPLICATE_IN_LEDGER 2026-11 2100'])
  })

  it('of 88.00 that is ambiguous names all its candidates', async () => {
    const explanation = await explain('pay-9a')
    expect(explanationText(explanation)).toContain('Leg pay-9a is ambiguous among leg pay-9a, leg pay-9b and row t9.')
    expect(candidatesOf(explanation, 'amount_and_date')[0]).toMatch(/^ambiguous: /)
    expect(findingsOf(explanation)).toEqual(['AMBIGUOUS_MATCH 2026-11 8800'])
  })

  it('that is never matched says why: 9.00 in cash, a payment of 99.00', async () => {
    const [cash, payment] = [await explain('pay-13'), await explain('t14')]
    expect([cash.passes, payment.passes]).toEqual([[], []])
    expect(explanationText(cash)).toContain('Leg pay-13 is in no match: it went through no processor')
    expect(explanationText(payment)).toContain('Row t14 is in no match: lines of its type are never matched.')
  })
})

describe('a reversal', () => {
  it('of 20.00 goes where its refund goes', async () => {
    const explanation = await explain('t11')
    expect(explanation.follows).toEqual(['row t11 takes part in no pass: it goes where row t10 goes.'])
    expect(candidatesOf(explanation, 'cancelled')).toEqual(['matched: Its reversals undo it.'])
  })
})

describe('a finding', () => {
  it('is found by the beginning of its id, and explains the legs and rows that it names', async () => {
    const [finding] = (await explain('pay-1')).findings
    const explanation = await explain(finding?.id.slice(0, 8) ?? '')
    expect(explanation.subject.discrepancy_id).toBe(finding?.id)
    expect(matchesOf(explanation)).toEqual(['refund_id: pay-1 t1 4500 - 4000 = 500'])
    expect(explanationText(explanation)).toContain(`Finding ${finding?.id}, AMOUNT_MISMATCH, about:`)
  })
})

describe('an id', () => {
  it('that names two legs and a row of two stories is refused with what to give instead', async () => {
    const said = await refusal('re_7')
    expect(said).toContain('explain re_7: found 3 things of this id; say which is meant:')
    expect(said).toContain('tieout explain ref-8/pay-8')
    expect(said).toContain('tieout explain STRIPE/t7')
    expect((await explain('ref-8/pay-8')).legs.map(({ leg_id }) => leg_id)).toEqual(['pay-8'])
    expect((await explain('stripe/t7')).rows.map(({ transaction_id }) => transaction_id)).toEqual(['t7'])
  })

  it('that names nothing is refused with the ids that are possible', async () => {
    expect(await refusal('zzz')).toContain('explain zzz: found no leg, row or finding of this id in Harbor Coffee')
  })

  it('of a ledger refund names its one leg, and one with a # is the key that is held', async () => {
    expect((await explain('ref-2')).legs.map(({ leg_id }) => leg_id)).toEqual(['pay-2'])
    expect((await explain('#re_1')).legs.map(({ leg_id }) => leg_id)).toEqual(['pay-1'])
  })
})

describe('the SQL', () => {
  const ids = ['pay-1', 't2', 'pay-3a', 't4', 'pay-5', 'pay-6', 'pay-8', 'pay-9a', 't10', 'pay-12', 't14']

  it('runs as it is printed, and every check finds what it is said to find', async () => {
    for (const id of ids) {
      const explanation = await explain(id)
      for (const { title, text } of explanation.sql) {
        const answer = await database.query<Record<string, unknown>>(text)
        if (title.startsWith('The check that finds')) expect([title, answer.length]).toEqual([title, 1])
      }
    }
  })

  it('shows the 45.00 and 40.00, their totals and the effect of 5.00', async () => {
    const { sql } = await explain('pay-1')
    const answers = new Map<string, unknown[]>()
    for (const { title, text } of sql) answers.set(title, await database.query(text))
    const [of_finding = ''] = [...answers.keys()].filter((title) => title.endsWith('with its effects'))
    expect(answers.get('The legs')).toMatchObject([{ leg_id: 'pay-1', amount: 4500n, currency: 'USD' }])
    expect(answers.get('The rows')).toMatchObject([
      { transaction_id: 't1', amount: 4000n, file: 'stripe.csv', line: 2n },
    ])
    expect(answers.get('The totals of the match: ledger less processor')).toMatchObject([
      { pass: 'refund_id', ledger_amount: 4500n, processor_amount: 4000n, amount: 500n },
    ])
    expect(answers.get(of_finding)).toMatchObject([{ code: 'AMOUNT_MISMATCH', month: '2026-11', amount: 500n }])
    expect(answers.get('The check that finds AMOUNT_MISMATCH')).toMatchObject([{ carries_amount: true }])
  })
})

describe('the JSON document', () => {
  it('has its schema, subject, what is stored, passes, findings and sql', async () => {
    const document = JSON.parse(
      JSON.stringify(explanationDocument(await explain('pay-1')), (_, value) =>
        typeof value === 'bigint' ? Number(value) : value,
      ),
    )
    expect(Object.keys(document)).toEqual([
      ...['schema', 'subject', 'stored', 'recomputed', 'passes', 'findings', 'sql'],
    ])
    expect(document).toMatchObject({
      schema: 'tieout.explain/1',
      subject: { asked: 'pay-1', kind: 'leg', legs: [{ leg_id: 'pay-1', amount: 4500 }], rows: [] },
      stored: { as_of: AS_OF, matches: [{ pass: 'refund_id', totals: [{ amount: 500 }] }], open: [] },
      recomputed: { legs: 1, rows: 1, is_cut: false, differences: [] },
      findings: [{ code: 'AMOUNT_MISMATCH', status: 'open', effects: [{ amount: 500 }] }],
    })
    expect(document.passes[1]).toMatchObject({
      pass: 'refund_id',
      number: 1,
      candidates: [{ outcome: 'matched', by: 're_1', legs: [{ leg_id: 'pay-1' }], rows: [{ transaction_id: 't1' }] }],
    })
  })
})

it('writes nothing', async () => {
  const before = await contentOf(database)
  await explain('pay-9a')
  expect(await contentOf(database)).toEqual(before)
})

describe('night after night', () => {
  const night = (day: number): string => `2026-11-${day}T12:00:00Z`
  let other: BusinessConfig

  const live = async (day: number, stripe: string[], run = true): Promise<void> => {
    const as_of = night(day)
    await takeIn(database, other, { as_of, customer: [refund('60', 6000)], vendor: [], files: { STRIPE: stripe } })
    if (run) await reconcile(database, other.id, { as_of, now: as_of, log: quiet })
  }

  it('says that what is matched stays matched where a closer row of 60.00 came later', async () => {
    other = await openBusiness(database)
    await live(16, ['r1,Refund,,,,-60.00,0.00,USD,2026-11-04 12:00:00'])
    await live(17, ['r2,Refund,,,,-60.00,0.00,USD,2026-11-02 12:00:00'], false)
    const waiting = await explainIn(database, [other], 'r2')
    expect(waiting.differences).toMatchObject([
      {
        item: 'row r2',
        stored: 'not looked at by a run yet',
        recomputed: 'matched by pass 5 (amount_and_date) with leg pay-60',
        why: 'It came after the last run; the next run will look at it.',
      },
    ])
    await reconcile(database, other.id, { as_of: night(17), now: night(17), log: quiet })
    const { differences } = await explainIn(database, [other], 'pay-60')
    expect(differences).toMatchObject([
      {
        item: 'leg pay-60',
        stored: 'matched by pass 5 (amount_and_date) with row r1',
        recomputed: 'matched by pass 5 (amount_and_date) with row r2',
      },
    ])
    expect(differences[0]?.why).toContain('What is matched stays matched')
    expect((await explainIn(database, [other], 'r2')).differences[0]?.why).toContain('Leg pay-60 is in an older match.')
  })
})
