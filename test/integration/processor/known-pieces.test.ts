/** A file that has pieces of an earlier one, byte by byte: they are not read again, and nothing comes out otherwise. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ImportDesk, openDesk, STRIPE, STRIPE_HEADER } from '../../support/import.ts'

let desk: ImportDesk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(async () => {
  await desk.close()
})

/** Refund number `n` of 1 cent more than the one before, on October 1 to 30; its payout may not be known yet. */
const line = (n: number, payout = `po_${n % 10}`): string =>
  `txn_${n},2026-10-${String(1 + (n % 30)).padStart(2, '0')} 14:00:00,,usd,-${Math.floor(n / 100)}.${String(n % 100).padStart(2, '0')},0.00,refund,re_${n},ch_${n},${payout}`
const report = (from: number, to: number, lineOf = line): string[] => [
  STRIPE_HEADER,
  ...Array.from({ length: to - from + 1 }, (_, index) => lineOf(from + index)),
]
/** A lie told to the database about a refund: only who reads its line again can see it. */
const lie = async (n: number): Promise<void> => {
  await desk.database.query('update processor_row set amount = 1 where transaction_id = $1', [`txn_${n}`])
}
const amountOf = async (n: number): Promise<unknown> =>
  (await desk.database.query('select amount, payout_id from processor_row where transaction_id = $1', [`txn_${n}`]))[0]

test('its lines count as known, with their dates and categories, and are not read again', async () => {
  await desk.take(desk.file('september.csv', report(1, 4000)))
  await lie(3000)
  const overlapping = await desk.take(desk.file('october.csv', report(101, 4100)))
  expect(overlapping).toMatchObject({ records: 4000n, accepted: 100n, known: 3900n, conflicts: 0n, updated: 0n })
  expect(overlapping).toMatchObject({ covers_from: '2026-10-01', covers_to: '2026-10-30' })
  const [file] = await desk.database.query("select categories from processor_file where name = 'october.csv'")
  // 1.01 + 1.02 + ... + 41.00
  expect(file).toEqual({
    categories: [{ category: 'refund', type: 'refund', currency: 'USD', count: 4000, amount: 8_402_000 }],
  })
})

test('they are read again with other settings', async () => {
  await desk.take(desk.file('september.csv', report(1, 4000)))
  await lie(3000)
  const referring = { ...STRIPE, reference_columns: ['payment_metadata[order_id]'] }
  const overlapping = await desk.take(desk.file('october.csv', report(101, 4100)), {}, referring)
  expect(overlapping).toMatchObject({ accepted: 100n, known: 3899n, conflicts: 1n })
})

test('and so they are with another header', async () => {
  await desk.take(desk.file('september.csv', report(1, 4000)))
  await lie(3000)
  const [, ...lines] = report(101, 4100)
  const renamed = [STRIPE_HEADER.replace('automatic_payout_id', 'payout'), ...lines]
  expect(await desk.take(desk.file('october.csv', renamed))).toMatchObject({ accepted: 100n, conflicts: 1n })
})

test('a piece with a line that was set aside is read, and told of, in every file that has it', async () => {
  const broken = (n: number): string => (n === 2500 ? line(n).replace('-25.00', 'EUR 25') : line(n))
  expect(await desk.take(desk.file('1.csv', report(1, 4000, broken)))).toMatchObject({
    accepted: 3999n,
    unreadable: 1n,
  })
  expect(await desk.take(desk.file('2.csv', report(101, 4100, broken)))).toMatchObject({
    ...{ records: 4000n, accepted: 100n, known: 3899n, unreadable: 1n },
  })
  const other = (n: number): string => (n === 2600 ? line(n).replace('-26.00', '-26.01') : broken(n))
  expect(await desk.take(desk.file('3.csv', report(201, 4200, other)))).toMatchObject({ conflicts: 1n, unreadable: 1n })
  expect(await desk.take(desk.file('4.csv', report(301, 4300, other)))).toMatchObject({ conflicts: 1n, unreadable: 1n })
  expect((await desk.aside()).map((said) => said.split(' ').slice(0, 2).join(' '))).toEqual([
    ...['1.csv:2501 unreadable', '2.csv:2401 unreadable'],
    ...['3.csv:2301 unreadable', '3.csv:2401 conflict', '4.csv:2201 unreadable', '4.csv:2301 conflict'],
  ])
})

test('a payout that is filled in later makes nobody forget; one that is replaced can be brought back', async () => {
  const without = (n: number): string => line(n, n === 3000 ? '' : undefined)
  await desk.take(desk.file('1.csv', report(1, 4000, without)))
  expect(await desk.take(desk.file('2.csv', report(101, 4100)))).toMatchObject({ updated: 1n })
  expect(await amountOf(3000)).toEqual({ amount: 3000n, payout_id: 'po_0' })
  await lie(2000)
  // the piece without the payout is known still: nothing is taken away, and nothing is read
  expect(await desk.take(desk.file('3.csv', report(201, 4200, without)))).toMatchObject({ updated: 0n, conflicts: 0n })

  const replaced = (n: number): string => line(n, n === 3000 ? 'po_other' : undefined)
  expect(await desk.take(desk.file('4.csv', report(301, 4300, replaced)))).toMatchObject({ updated: 1n })
  expect(await amountOf(3000)).toEqual({ amount: 3000n, payout_id: 'po_other' })
  expect(await desk.take(desk.file('5.csv', report(401, 4400)))).toMatchObject({ updated: 1n, conflicts: 1n })
  expect(await amountOf(3000)).toEqual({ amount: 3000n, payout_id: 'po_0' })
})

test('a file that is refused at its end leaves nothing behind that would be passed over', async () => {
  const cut = `${report(1, 4000).join('\n')}\ntxn_4001,2026-10-31`
  expect(await desk.take(desk.file('cut.csv', cut))).toMatchObject({ outcome: 'refused' })
  expect(await desk.take(desk.file('whole.csv', report(1, 4000)))).toMatchObject({ accepted: 4000n, known: 0n })
})
