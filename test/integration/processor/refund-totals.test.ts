/** Toast's exports say what was refunded of a payment so far: what it grew is a further refund. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ProcessorConfig } from '../../../src/config/config.ts'
import { type ImportDesk, openDesk, STRIPE } from '../../support/import.ts'

let desk: ImportDesk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(async () => {
  await desk.close()
})

const TOAST: ProcessorConfig = { ...STRIPE, name: 'TOAST', time_zone: 'America/New_York' }
const HEADER = 'Payment Id,Paid Date,Total,Refunded,Refund Date,Refund Amount,Refund Tip Amount,Status,Type'
const NONE = '1,10/20/26 10:00 AM,24.00,NONE,,,,CAPTURED,Credit'
const TEN = '1,10/20/26 10:00 AM,24.00,PARTIAL,10/21/26 10:00 AM,8.00,2.00,CAPTURED,Credit'
const FIFTEEN = '1,10/20/26 10:00 AM,24.00,PARTIAL,10/25/26 10:00 AM,12.00,3.00,CAPTURED,Credit'
const FULL = '1,10/20/26 10:00 AM,24.00,FULL,10/28/26 10:00 AM,20.00,4.00,CAPTURED,Credit'
const OTHER = '2,10/20/26 10:00 AM,24.00,PARTIAL,10/21/26 10:00 AM,8.00,0.00,CAPTURED,Credit'

const take = async (name: string, ...lines: string[]) => {
  const { conflicts, accepted } = await desk.take(desk.file(name, [HEADER, ...lines]), {}, TOAST)
  expect(conflicts ?? 0n).toBe(0n)
  return accepted
}
const refunds = async (): Promise<string[]> =>
  (await desk.rows()).filter((row) => row.includes(' refund ')).map((row) => row.replace(/ 0\/0 USD/, ''))

test('10.00, then 15.00 and then 24.00 of one payment are refunds of 10.00, 5.00 and 9.00, each on its day', async () => {
  await take('a.csv', NONE)
  expect(await refunds()).toEqual([])
  await take('b.csv', TEN, OTHER)
  await take('c.csv', FIFTEEN, OTHER)
  await take('d.csv', FULL)
  expect(await refunds()).toEqual([
    '1:refunded:1000 refund 1000 2026-10-21 - - b.csv:2',
    '1:refunded:1500 refund 500 2026-10-25 - - c.csv:2',
    '1:refunded:2400 refund 900 2026-10-28 - - d.csv:2',
    '2:refunded:800 refund 800 2026-10-21 - - b.csv:3',
  ])
  // the payment itself is known, and no conflict
  expect(await desk.aside()).toEqual([])
})

test('an earlier export that comes later adds nothing, and the same total again is known', async () => {
  await take('c.csv', FIFTEEN)
  await take('b.csv', TEN, OTHER)
  await take('e.csv', FIFTEEN, OTHER, NONE.replace(/^1/, '3'))
  expect(await refunds()).toEqual([
    '1:refunded:1500 refund 1500 2026-10-25 - - c.csv:2',
    '2:refunded:800 refund 800 2026-10-21 - - b.csv:3',
  ])
  expect(await desk.aside()).toEqual([])
})

test('exports put together in one file give the same refunds', async () => {
  await take('all.csv', TEN, NONE.replace(/^1/, '3'), FIFTEEN)
  expect((await refunds()).map((row) => row.split(' ').slice(0, 3).join(' '))).toEqual([
    '1:refunded:1000 refund 1000',
    '1:refunded:1500 refund 500',
  ])
})
