import { expect, test } from 'vitest'
import type { MatchedLine } from '../../../src/report/text/detail-lines.ts'
import { matchedSheet, readMatched } from '../../../src/report/xlsx/matched.ts'

const match = (day: string, ledger: bigint, processor: bigint, currency = 'USD'): MatchedLine => ({
  direction: 'customer',
  processor: 'STRIPE',
  pass: 'refund_id',
  ledger_on: day,
  refund_ids: ['r1'],
  leg_ids: ['p1'],
  ledger_amount: ledger,
  ledger_refund_fee: 0n,
  ledger_returned_fee: 0n,
  processor_on: day,
  transaction_ids: ['txn_1'],
  places: ['stripe.csv:2'],
  currencies: [currency],
  processor_amount: processor,
  processor_refund_fee: 0n,
  processor_returned_fee: 0n,
})

const MATCHES = [
  match('2026-10-01', 5_000n, 5_000n),
  match('2026-10-01', 1_050n, 1_050n),
  match('2026-10-02', 2_000n, 1_900n),
  match('2026-10-02', 700n, 950n, 'CAD'),
]

const of = {
  matched: async function* (): AsyncGenerator<MatchedLine> {
    yield* MATCHES
  },
}

/** The cells of each row as what stands in them; a formula as it is, with its value behind '='. */
const rowsOf = async (most: number): Promise<string[][]> => {
  const rows: string[][] = []
  for await (const cells of matchedSheet(await readMatched(of, most), 'USD', 'matched.csv').rows())
    rows.push(
      cells.map(({ body }) => {
        const formula = /^<f>(.*)<\/f><v>(.*)<\/v>$/.exec(body)
        return formula ? `${formula[1]} = ${formula[2]}` : body.replace(/<[^>]*>/g, '')
      }),
    )
  return rows
}

test('each match is a line, and the totals below are sums of the lines by the currency of the processor', async () => {
  const rows = await rowsOf(4)
  expect(rows).toHaveLength(3 + 4 + 1 + 2)
  const [cad, usd] = rows.slice(-2)
  expect(usd?.[5]).toBe('ROUND(SUMIFS(F$4:F$7,A$4:A$7,$A10,B$4:B$7,$B10,I$4:I$7,$I10),2) = 80.50')
  expect(usd?.[9]).toContain('= 79.50')
  expect(cad?.[5]).toContain('= 7.00')
  expect(cad?.slice(8, 9)).toEqual(['CAD'])
  expect(cad?.[9]).toContain('= 9.50')
})

test('beyond the limit a day is a line: 60.50 on 1 October, 20.00 and 7.00 on the second', async () => {
  const rows = await rowsOf(3)
  expect(rows[1]?.[0]).toContain('summed by day here, and listed one by one in matched.csv')
  const day = (row: readonly string[] | undefined) => [row?.[3], row?.[4], row?.[5], row?.[6]]
  expect(rows.slice(3, 6).map(day)).toEqual([
    ['USD', '2', '60.50', '60.50'],
    ['CAD', '1', '7.00', '9.50'],
    ['USD', '1', '20.00', '19.00'],
  ])
  expect(rows.at(-1)?.[5]).toBe('ROUND(SUMIFS(F$4:F$6,A$4:A$6,$A9,B$4:B$6,$B9,D$4:D$6,$D9),2) = 80.50')
  expect(rows.at(-1)?.[6]).toContain('= 79.50')
})
