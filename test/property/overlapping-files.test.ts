/** Exports that overlap, in any order: what the files say of themselves is what the tables hold. */

import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ImportDesk, openDesk, STRIPE_HEADER } from '../support/import.ts'

const RUNS = Number(process.env['TIEOUT_OVERLAPS'] ?? 6)
const HISTORY = 6_000
/** Few lines change, again and again: so that one export takes back what another one said. */
const RESTLESS = [2_100, 2_400, 2_700, 2_701, 2_900]

/** What some lines of an export say otherwise than the first export that had them. */
type Change =
  | 'no payout yet'
  | 'another payout'
  | 'another amount'
  | 'another payment'
  | 'no refund id yet'
  | 'unreadable'
  | 'twice'
  | 'two lines'
  | 'left out'
  | 'two ways to write'
  | 'a category of its own'

interface Export {
  from: number
  lines: number
  changes: { number: number; change: Change }[]
  /** the sign before the decimals */
  sign: '.' | ','
  strict: boolean
}

const exported: fc.Arbitrary<Export> = fc.record({
  from: fc.integer({ min: 1, max: HISTORY / 3 }),
  lines: fc.integer({ min: 1_500, max: HISTORY / 2 }),
  changes: fc.array(
    fc.record({
      number: fc.constantFrom(...RESTLESS),
      change: fc.constantFrom<Change>(
        ...(['no payout yet', 'no payout yet', 'another payout', 'another amount', 'unreadable', 'twice'] as const),
        ...(['two lines', 'left out', 'two ways to write', 'a category of its own'] as const),
        ...(['another payment', 'no refund id yet'] as const),
      ),
    }),
    { maxLength: 3 },
  ),
  sign: fc.constantFrom('.', '.', '.', ','),
  strict: fc.constantFrom(false, false, false, true),
})

const cells = (n: number, change: Change | undefined, sign: string): string[] => [
  n % 97 === 0 ? `é_${n}` : `txn_${n}`,
  `2026-${String(1 + Math.floor(n / 500)).padStart(2, '0')}-${String(1 + (n % 28)).padStart(2, '0')} 14:00:00`,
  '2026-10-31 00:00:00',
  n % 11 === 0 ? 'eur' : 'usd',
  change === 'unreadable'
    ? 'a lot'
    : `-${n + (change === 'another amount' ? 1 : 0)}${change === 'two ways to write' ? ',' : sign}25`,
  `0${sign}00`,
  change === 'a category of its own' ? `adjustment ${n}` : n % 7 === 0 ? 'charge' : 'refund',
  change === 'no refund id yet' ? '' : `re_${n}`,
  change === 'two lines' ? `ch_${n}\nagain` : change === 'another payment' ? `#ch_other` : `ch_${n}`,
  change === 'no payout yet' ? '' : change === 'another payout' ? 'po_other' : `po_${n % 50}`,
]
const line = (n: number, change: Change | undefined, sign: string): string =>
  cells(n, change, sign)
    .map((cell) => (/[,\n]/.test(cell) ? `"${cell}"` : cell))
    .join(',')

const textOf = ({ from, lines, changes, sign }: Export): string => {
  const changed = new Map(changes.map(({ number, change }) => [number, change]))
  const all = Array.from({ length: lines }, (_, index) => {
    const change = changed.get(from + index)
    if (change === 'left out') return []
    const said = line(from + index, change, sign)
    return change === 'twice' ? [said, said] : [said]
  })
  return `${[STRIPE_HEADER, ...all.flat()].join('\n')}\n`
}

let desk: ImportDesk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(async () => await desk.close())

/** What the files say that they brought, and what they did bring: 'file currency rows first last amount'. */
const brought = async (asked: 'said' | 'true'): Promise<unknown[]> =>
  await desk.database.query(
    asked === 'said'
      ? `select file_id::int, part ->> 'currency' as currency, (part ->> 'rows')::int as rows, part ->> 'first_id' as first,
           part ->> 'last_id' as last, (part ->> 'amount')::int as amount
         from processor_file cross join json_array_elements(brought) as part order by file_id, currency`
      : `select file_id::int, currency, count(*)::int as rows, min(transaction_id) as first, max(transaction_id) as last,
           (coalesce(sum(amount) filter (where type in ('refund', 'refund_reversal', 'vendor_refund')), 0))::int as amount
         from processor_row group by file_id, currency order by file_id, currency`,
  )
/** Of each file its lines: all, and those that are counted by category, quarantined as unreadable or in conflict. */
const counted = async (): Promise<unknown[]> =>
  await desk.database.query(`
    select file.name, file.records::int as records,
      (select sum((part ->> 'count')::int) from json_array_elements(file.categories) as part)::int as readable,
      (select count(*) from quarantine q where q.file_id = file.file_id and q.kind = 'unreadable')::int as unreadable,
      (select count(*) from quarantine q where q.file_id = file.file_id)::int = file.quarantined as are_all_aside
    from processor_file file order by file.file_id`)

test('of exports that overlap each says what it brought, what it holds and what was quarantined of it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(exported, { minLength: 2, maxLength: 6 }), async (exports) => {
      await desk.database.query('delete from processor_row; delete from quarantine; delete from processor_file')
      const expected: unknown[] = []
      for (const [index, each] of exports.entries()) {
        const before = await desk.state()
        const outcome = await desk.take(desk.file(`${index}.csv`, textOf(each)), each)
        if (outcome.outcome === 'imported') {
          const { name, records, unreadable } = outcome
          const [all, aside] = [Number(records), Number(unreadable)]
          expected.push({ name, records: all, readable: all - aside, unreadable: aside, are_all_aside: true })
        } else expect(await desk.state()).toBe(before)
      }
      expect(await brought('said')).toEqual(await brought('true'))
      expect(await counted()).toEqual(expected)
    }),
    { numRuns: RUNS, seed: 20261122 },
  )
}, 120_000)
