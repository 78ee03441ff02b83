import { afterEach, beforeEach, expect, test } from 'vitest'
import { withdrawFiles } from '../../../src/processor/store/withdraw.ts'
import { HARBOR, type ImportDesk, openDesk, STRIPE_HEADER } from '../../support/import.ts'

let desk: ImportDesk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(async () => {
  await desk.close()
})

const refund = (number: number, day: number): string =>
  `txn_${number},2026-10-${day} 14:00:00,,usd,-25.00,0.00,refund,re_${number},ch_${number},`

const OWNER = { business_id: HARBOR.id, processor: 'STRIPE', account: '' }

const withdraw = async (name: string): Promise<{ gone: number; kept: bigint; months: readonly string[] }> => {
  const files = await desk.database.query<{ file_id: bigint }>('select file_id from processor_file where name = $1', [
    name,
  ])
  const ids = files.map(({ file_id }) => file_id)
  const { gone, kept, months } = await desk.database.transaction((db) => withdrawFiles(db, OWNER, ids))
  return { gone: gone.length, kept, months }
}

const active = async (): Promise<unknown> =>
  (
    await desk.database.query<{ transaction_id: string }>(
      'select transaction_id from processor_row where active order by transaction_id',
    )
  ).map(({ transaction_id }) => transaction_id)

const stored = async (): Promise<unknown> =>
  await desk.database.query(
    `select file.name, file.state, file.records, file.accepted, file.known, file.quarantined, file.brought::text,
       (select json_agg(to_jsonb(held) - 'row_no' order by held.transaction_id) from processor_row held
        where held.business_id = file.business_id and held.file_id = file.file_id and held.active)::text as rows,
       (select json_agg(to_jsonb(aside) - 'quarantine_id' order by aside.line) from quarantine aside
        where aside.file_id = file.file_id)::text as aside
     from processor_file file order by file.file_id`,
  )

test('of two overlapping files one is withdrawn: the refund that both have stays, the other 25.00 leaves', async () => {
  await desk.take(desk.file('one.csv', [STRIPE_HEADER, refund(1, 10), refund(2, 11)]))
  await desk.take(desk.file('two.csv', [STRIPE_HEADER, refund(2, 11), refund(3, 12)]))
  expect(await withdraw('one.csv')).toEqual({ gone: 1, kept: 1n, months: ['2026-10'] })
  expect(await active()).toEqual(['txn_2', 'txn_3'])
  expect(await withdraw('two.csv')).toEqual({ gone: 2, kept: 0n, months: ['2026-10'] })
  expect(await active()).toEqual([])
  expect(await desk.database.query('select item_no from touched_item')).toHaveLength(3)
})

test('a withdrawn file in the inbox is left there; named by a person it comes back as it was', async () => {
  const one = desk.file('one.csv', [
    STRIPE_HEADER,
    refund(1, 10),
    refund(2, 11),
    refund(2, 11),
    'txn_9,no date,,usd,1,0,refund,,,',
  ])
  await desk.take(one)
  await desk.take(desk.file('two.csv', [STRIPE_HEADER, refund(2, 11), refund(3, 12)]))
  const before = await stored()
  await withdraw('one.csv')
  const left = await desk.take(one)
  expect(left).toMatchObject({ outcome: 'withdrawn', problem: null, accepted: 0n })
  expect(left.says).toBe(
    `one.csv was withdrawn: the same bytes, nothing was done. \`tieout import ${one}\` brings it back`,
  )
  expect(await active()).toEqual(['txn_2', 'txn_3'])
  expect(await desk.take(one, { named: true })).toMatchObject({
    outcome: 'imported',
    accepted: 2n,
    known: 1n,
    unreadable: 1n,
  })
  expect(await active()).toEqual(['txn_1', 'txn_2', 'txn_3'])
  expect(await stored()).toEqual(before)
  expect(await desk.take(one, { named: true })).toMatchObject({ outcome: 'already' })
})

test('a refund of 25.00 of a withdrawn file comes in with another file, as that one has it', async () => {
  await desk.take(desk.file('one.csv', [STRIPE_HEADER, refund(1, 10), refund(2, 11)]))
  await withdraw('one.csv')
  const other = desk.file('other.csv', [STRIPE_HEADER, refund(1, 10).replace('25.00', '26.00'), refund(4, 12)])
  expect(await desk.take(other)).toMatchObject({ accepted: 2n, known: 0n, conflicts: 0n })
  expect(await desk.rows()).toEqual([
    'txn_1 refund 2600 0/0 USD 2026-10-10 - - other.csv:2',
    'txn_2 refund 2500 0/0 USD 2026-10-11 - - one.csv:3',
    'txn_4 refund 2500 0/0 USD 2026-10-12 - - other.csv:3',
  ])
  expect(await active()).toEqual(['txn_1', 'txn_4'])
})

test('a conflict that a withdrawn file settled is open again', async () => {
  const line = refund(1, 10)
  await desk.take(desk.file('one.csv', [STRIPE_HEADER, line]))
  await desk.take(desk.file('two.csv', [STRIPE_HEADER, line.replace('25.00', '35.00')]))
  await desk.take(desk.file('three.csv', [STRIPE_HEADER, line, refund(2, 11)]))
  const states = async (): Promise<unknown> => await desk.database.query('select state from quarantine')
  expect(await states()).toEqual([{ state: 'settled' }])
  await withdraw('three.csv')
  expect(await states()).toEqual([{ state: 'open' }])
  expect(await desk.take(desk.file('three.csv', [STRIPE_HEADER, line, refund(2, 11)]), { named: true })).toMatchObject({
    known: 1n,
  })
  expect(await states()).toEqual([{ state: 'settled' }])
})

test('the rows of a file are kept in 4 bytes a line at most: of 3,000 lines, new ones, and every second of them known', async () => {
  const lines = Array.from({ length: 3_000 }, (_, number) => refund(number + 1, 10))
  await desk.take(desk.file('all.csv', [STRIPE_HEADER, ...lines]))
  await desk.take(desk.file('half.csv', [STRIPE_HEADER, ...lines.filter((_, place) => place % 2 === 0)]))
  const [all, half] = await desk.database.query<{ bytes: number; kept: number }>(
    'select length(row_list) as bytes, pg_column_size(row_list) as kept from processor_file order by file_id',
  )
  expect([all?.bytes, half?.bytes]).toEqual([12_000, 6_000])
  expect(all?.kept).toBeLessThan(1_000)
  expect(await withdraw('all.csv')).toEqual({ gone: 1_500, kept: 1_500n, months: ['2026-10'] })
})

test('a row number far beyond the one before is kept in steps', async () => {
  await desk.take(desk.file('one.csv', [STRIPE_HEADER, refund(1, 10)]))
  await desk.database.query(`select setval('item_no', 9000000000)`)
  await desk.take(desk.file('two.csv', [STRIPE_HEADER, refund(1, 10), refund(2, 10)]))
  await desk.database.query(`select setval('item_no', 9000000001 + 2147483647 * 2::bigint - 1)`)
  await desk.take(desk.file('three.csv', [STRIPE_HEADER, refund(2, 10), refund(3, 10)]))
  expect(await withdraw('one.csv')).toMatchObject({ gone: 0, kept: 1n })
  expect(await withdraw('three.csv')).toMatchObject({ gone: 1, kept: 1n })
  expect(await active()).toEqual(['txn_1', 'txn_2'])
})
