import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ProcessorConfig } from '../../../src/config/config.ts'
import { type ImportDesk, openDesk, STRIPE, STRIPE_HEADER } from '../../support/import.ts'
import { PLAIN_MAPPING } from '../../support/plain-config.ts'

let desk: ImportDesk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(async () => {
  await desk.close()
})

/** A CSV without ids of its own. */
const PAYCO: ProcessorConfig = {
  ...STRIPE,
  format: {
    ...PLAIN_MAPPING,
    columns: { ...PLAIN_MAPPING.columns, type: 'Kind' },
    date_format: 'yyyy-MM-dd',
  },
}
const DISTINCT: ProcessorConfig = { ...PAYCO, lines: 'distinct' }

const HEADER = 'Kind,Amount,Date'
const REFUND = 'Refund,-12.50,2026-10-20'
const first = (): string => desk.file('first.csv', [HEADER, REFUND, REFUND, 'Payment,80.00,2026-10-01'])
const second = (): string => desk.file('second.csv', [HEADER, 'Payment,90.00,2026-10-30', REFUND, REFUND])

const refunded = async (): Promise<unknown> =>
  await desk.database.query(
    `select count(*)::int as refunds, sum(amount)::int as amount from processor_row where type = 'refund'`,
  )
const stored = async (): Promise<unknown> =>
  await desk.database.query(
    'select name, accepted::int, known::int, same_as_earlier::int as same from processor_file order by file_id',
  )

test('two refunds of 12.50 in each of two files are four of 50.00 where lines are distinct', async () => {
  await desk.take(first(), {}, DISTINCT)
  const outcome = await desk.take(second(), {}, DISTINCT)
  expect(outcome).toMatchObject({ accepted: 3n, known: 0n, same_as_earlier: 0n })
  expect(await refunded()).toEqual([{ refunds: 4, amount: 5000 }])
})

test('else they are two of 25.00, and the second file says that two lines were taken for the same', async () => {
  await desk.take(first(), {}, PAYCO)
  const outcome = await desk.take(second(), {}, PAYCO)
  expect(outcome).toMatchObject({ accepted: 1n, known: 2n, same_as_earlier: 2n })
  expect(outcome.says).toBe(
    'second.csv (mapping): 3 lines, 1 new, 2 known; 2 without an id were taken for lines of earlier files that say the same (where these files never overlap, set lines: distinct and import with --again); covers 2026-10-20 to 2026-10-30',
  )
  expect(await refunded()).toEqual([{ refunds: 2, amount: 2500 }])
  expect(await stored()).toEqual([
    { name: 'first.csv', accepted: 3, known: 0, same: 0 },
    { name: 'second.csv', accepted: 1, known: 2, same: 2 },
  ])
})

test('a file of one line more is another file of distinct lines; the same bytes stay one file', async () => {
  await desk.take(first(), {}, DISTINCT)
  expect(await desk.take(first(), {}, DISTINCT)).toMatchObject({ outcome: 'already' })
  const longer = desk.file('longer.csv', [HEADER, REFUND, REFUND, 'Payment,80.00,2026-10-01', REFUND])
  expect(await desk.take(longer, {}, DISTINCT)).toMatchObject({ accepted: 4n, known: 0n })
  expect(await refunded()).toEqual([{ refunds: 5, amount: 6250 }])
})

test('of a file with ids, known lines are not taken for the same, and lines: distinct changes nothing', async () => {
  const lines = ['txn_1,2026-10-31 14:00:00,,usd,-25.00,0.00,refund,re_1,ch_1,']
  await desk.take(desk.file('october.csv', [STRIPE_HEADER, ...lines]), {}, { ...STRIPE, lines: 'distinct' })
  const later = desk.file('later.csv', [
    STRIPE_HEADER,
    ...lines,
    'txn_2,2026-11-01 14:00:00,,usd,-3.00,0.00,refund,re_2,ch_1,',
  ])
  const outcome = await desk.take(later, {}, { ...STRIPE, lines: 'distinct' })
  expect(outcome).toMatchObject({ accepted: 1n, known: 1n, same_as_earlier: 0n })
  expect(outcome.says).toBe('later.csv (stripe-itemized): 2 lines, 1 new, 1 known; covers 2026-10-31 to 2026-11-01')
})
