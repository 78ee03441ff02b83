/** Everything matched anew puts right what is stored otherwise, however it was paired, and says how many matches changed. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { reconcile } from '../../../src/reconciliation/reconcile.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { quiet } from '../../support/quiet.ts'
import { storeBusiness } from '../../support/stored-business.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

const AS_OF = '2026-11-15T12:00:00Z'

/** Six refunds of 10.00 each, booked and paid, of payments of their own. */
async function sixPairs(): Promise<string> {
  const own = await storeBusiness(database)
  await own.processor('STRIPE')
  const file_id = await own.file({ covers_from: '2026-10-01', covers_to: '2026-11-14' })
  await database.query('delete from reconciliation where business_id = $1', [own.business_id])
  const on = '2026-10-05'
  for (const n of [1, 2, 3, 4, 5, 6]) {
    const identity_keys = [`re_${n}`]
    await own.leg({ leg_id: `leg-${n}`, refund_id: `refund-${n}`, amount: 1000, completed_on: on, identity_keys })
    const [refund_id, payment_ids] = [`re_${n}`, [`ch_${n}`]]
    await own.row({ transaction_id: `txn-${n}`, refund_id, payment_ids, amount: 1000, occurred_on: on, file_id })
  }
  return own.business_id
}

const matchesOf = async (business_id: string): Promise<string[]> => {
  const rows = await database.query<{ said: string }>(
    `select concat_ws(' ', pass, leg.leg_id, line.transaction_id, leg_amount, balanced) as said
     from match_item matched
     left join ledger_leg leg using (business_id, leg_no) left join processor_row line using (business_id, row_no)
     where matched.business_id = $1 order by leg.leg_id`,
    [business_id],
  )
  return rows.map(({ said }) => said)
}

const totalsOf = async (business_id: string): Promise<unknown[]> =>
  await database.query('select pass, legs, rows, amount, count from match_total where business_id = $1', [business_id])

const SIX = [1, 2, 3, 4, 5, 6].map((n) => `refund_id leg-${n} txn-${n} 1000 t`)
const IN_ALL = [{ pass: 'refund_id', legs: 6n, rows: 6n, amount: 6000n, count: 6n }]

/** Of legs 1 and 2 the rows change places. */
const SWAP = `
  with pair as (
    delete from match_item matched using ledger_leg leg
    where matched.business_id = $1 and leg.business_id = $1 and leg.leg_no = matched.leg_no and leg.leg_id in ('leg-1', 'leg-2')
    returning matched.*
  )
  insert into match_item (business_id, match_no, pass, leg_no, row_no, leg_amount, balanced)
  select pair.business_id, pair.match_no, pair.pass, pair.leg_no, other.row_no, pair.leg_amount, pair.balanced
  from pair join pair other on other.leg_no <> pair.leg_no`
const ofLeg = (change: string): string =>
  `update match_item set ${change} where business_id = $1 and leg_no = (
     select leg_no from ledger_leg where business_id = $1 and leg_id = 'leg-1')`

const CASES = [
  ['nothing', 'select $1::uuid', 0],
  ['rows that changed places', SWAP, 4],
  ['another pass', ofLeg(`pass = 'payment_reference'`), 2],
  ['another number', ofLeg('match_no = 0'), 2],
  ['another amount of the leg', ofLeg('leg_amount = 999'), 0],
  ['what was not judged', ofLeg('balanced = false'), 0],
  ['a match that is not there', 'delete from match_item where business_id = $1 and leg_no = any ($2::bigint[])', 1],
] as const

const ways = CASES.flatMap(([name, change, changed]) =>
  (['always', 'never'] as const).map((bulk) => ({ name, change, changed, bulk })),
)

test.each(ways)(
  '$name: $changed matches changed, and all are as they were; pairing in bulk: $bulk',
  async ({ change, changed, bulk }) => {
    const business_id = await sixPairs()
    const options = { as_of: AS_OF, now: AS_OF, bulk, log: quiet }
    await reconcile(database, business_id, options)
    expect(await matchesOf(business_id)).toEqual(SIX)
    const [leg] = await database.query<{ leg_no: bigint }>(
      `select leg_no from ledger_leg where business_id = $1 and leg_id = 'leg-3'`,
      [business_id],
    )
    await database.query(change, change.includes('$2') ? [business_id, [leg?.leg_no]] : [business_id])
    if (change.startsWith('delete'))
      await database.query(
        'update match_total set legs = 5, rows = 5, amount = 5000, count = 5 where business_id = $1',
        [business_id],
      )
    const outcome = await reconcile(database, business_id, { ...options, full: true })
    expect(outcome.matches_changed).toBe(changed)
    expect(await matchesOf(business_id)).toEqual(SIX)
    expect(await totalsOf(business_id)).toEqual(IN_ALL)
    expect(await database.query('select from match_before where business_id = $1', [business_id])).toEqual([])
  },
)
