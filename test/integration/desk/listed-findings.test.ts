/** What a run notes with findings for the worklist says the same as a report: the figure, the months, what a search finds. */

import { afterAll, beforeAll, expect, it } from 'vitest'
import { run } from '../../../src/database/statement.ts'
import { readDiscrepancies } from '../../../src/report/discrepancies.ts'
import type { BusinessLine, DiscrepancyLine } from '../../../src/report/lines.ts'
import { headline } from '../../../src/report/text/headline.ts'
import { listFindings } from '../../../src/review/list-findings.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { DISCREPANCIES, nightOf } from '../../support/discrepancy-nights.ts'
import { liveThrough } from '../../support/small-night.ts'
import { toldHistory } from '../../support/told-history.ts'

interface Noted {
  discrepancy_id: string
  figure: bigint | null
  figure_currency: string | null
  months: string[] | null
  words: string | null
}

let database: FreshDatabase
let businesses: BusinessLine[]

beforeAll(async () => {
  database = await freshDatabase()
  await liveThrough(database, toldHistory(1, 400))
  for (const code of DISCREPANCIES) await liveThrough(database, nightOf(code, 'provokes'))
  const ids = await database.query<{ business_id: string }>('select business_id from reconciliation')
  for (const { business_id } of ids) await listFindings(database, business_id)
  businesses = await run<BusinessLine>(database, 'report/businesses', [ids.map(({ business_id }) => business_id)])
})
afterAll(() => database.close())

const reported = (business: BusinessLine, month: string | null): Promise<DiscrepancyLine[]> =>
  database.transaction(async (db) => {
    const found: DiscrepancyLine[] = []
    const as_of = business.reconciled_as_of ?? ''
    for await (const line of readDiscrepancies(db, business, as_of, { from: month, to: month })) found.push(line)
    return found
  })

const noted = (business: BusinessLine): Promise<Noted[]> =>
  database.query<Noted>(
    `select discrepancy_id, figure, figure_currency, months, words from discrepancy
     where business_id = $1 and status <> 'cleared' order by discrepancy_id`,
    [business.business_id],
  )

it('each finding bears the figure that a report shows first', async () => {
  let compared = 0
  for (const business of businesses) {
    const figures = new Map((await noted(business)).map((each) => [each.discrepancy_id, each]))
    for (const line of await reported(business, null)) {
      const figure = headline(line, business.currency)
      const own = figures.get(line.id)
      expect([line.code, own?.figure ?? null, own?.figure_currency ?? null]).toEqual([
        line.code,
        figure?.minor ?? null,
        figure?.currency ?? null,
      ])
      compared += 1
    }
  }
  expect(compared).toBeGreaterThan(30)
})

it('each finding stands in the months in which a report has it', async () => {
  for (const business of businesses) {
    const all = await noted(business)
    const months = [...new Set(all.flatMap((each) => each.months ?? []))]
    for (const month of [...months, '2031-01']) {
      const listed = all.filter((each) => each.months === null || each.months.includes(month))
      const ids = (await reported(business, month)).map(({ id }) => id).sort()
      expect([month, listed.map(({ discrepancy_id }) => discrepancy_id)]).toEqual([month, ids])
    }
  }
})

it('a search looks through the ids, references and amounts of both sides', async () => {
  for (const business of businesses) {
    const words = new Map((await noted(business)).map((each) => [each.discrepancy_id, (each.words ?? '').split('\n')]))
    for (const line of await reported(business, null)) {
      const due = [
        line.id,
        ...line.legs.flatMap((leg) => [leg.leg_id, leg.refund_id, ...leg.payment_keys, `=${leg.amount}`]),
        ...line.rows.flatMap((row) => [row.transaction_id, `=${row.amount < 0n ? -row.amount : row.amount}`]),
      ].map((word) => word.toLowerCase())
      expect(words.get(line.id)).toEqual(expect.arrayContaining(due))
    }
  }
})

it('what leads from the ledger to the processors in a month is the sum of the effects', async () => {
  const wrong = await database.query(`
    select stored.business_id, effect.month, stored.direction, effect.currency, stored.code
    from discrepancy stored
    join discrepancy_effect effect using (business_id, discrepancy_id)
    left join month_cause cause
      on cause.business_id = stored.business_id and cause.month = effect.month and cause.direction = stored.direction
      and cause.currency = effect.currency and cause.code = stored.code
    join business on business.business_id = stored.business_id
    where stored.status <> 'cleared' and (business.starts_on is null or effect.month >= to_char(business.starts_on, 'YYYY-MM'))
    group by stored.business_id, effect.month, stored.direction, effect.currency, stored.code
    having sum(effect.amount) is distinct from max(cause.amount) or sum(abs(effect.amount)) is distinct from max(cause.gross)
      or sum(effect.refund_fee) is distinct from max(cause.refund_fee)`)
  expect(wrong).toEqual([])
  expect(await database.query('select from month_cause')).not.toEqual([])
})
