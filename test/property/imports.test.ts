import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ImportDesk, openDesk, STRIPE_HEADER } from '../support/import.ts'

const RUNS = Number(process.env['TIEOUT_IMPORTS'] ?? 25)

let desk: ImportDesk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(async () => await desk.close())

/** A line of a report: a few ids that come again, with another amount now and then, and payouts that come later. */
interface Line {
  id: number
  cents: number
  payout: string
  isUnreadable: boolean
}

const line: fc.Arbitrary<Line> = fc.record({
  id: fc.nat(11),
  cents: fc.constantFrom(2500, 2500, 2500, 2600),
  payout: fc.constantFrom('', '', 'po_1', 'po_2'),
  isUnreadable: fc.constantFrom(false, false, false, false, true),
})

const written = ({ id, cents, payout, isUnreadable }: Line): string =>
  `txn_${id},2026-10-31 14:00:00,,usd,${isUnreadable ? 'x' : `-${cents / 100}.00`},0.00,refund,re_${id},ch_1,${payout}`

interface Known {
  cents: number
  payout: string
}

/** What a file's lines mean, one after the other. */
const meant = (known: Map<number, Known>, lines: readonly Line[]) => {
  const counts = { accepted: 0n, known: 0n, conflicts: 0n, unreadable: 0n }
  for (const { id, cents, payout, isUnreadable } of lines) {
    const before = known.get(id)
    if (isUnreadable) counts.unreadable += 1n
    else if (before === undefined) {
      counts.accepted += 1n
      known.set(id, { cents, payout })
    } else if (before.cents !== cents) counts.conflicts += 1n
    else {
      counts.known += 1n
      if (payout !== '') before.payout = payout
    }
  }
  return counts
}

const stored = async (): Promise<[number, Known][]> => {
  const rows = await desk.database.query<{ transaction_id: string; amount: bigint; payout_id: string | null }>(
    'select transaction_id, amount, payout_id from processor_row',
  )
  return rows
    .map(({ transaction_id, amount, payout_id }): [number, Known] => [
      Number(transaction_id.slice('txn_'.length)),
      { cents: Number(amount), payout: payout_id ?? '' },
    ])
    .sort(([a], [b]) => a - b)
}

const asideOf = (name: string, lines: readonly Line[], known: ReadonlyMap<number, Known>): string[] => {
  const first = new Map([...known].map(([id, { cents }]) => [id, cents]))
  return lines.flatMap(({ id, cents, isUnreadable }, index) => {
    if (isUnreadable) return [`${name}:${index + 2} unreadable`]
    if (!first.has(id)) first.set(id, cents)
    return first.get(id) === cents ? [] : [`${name}:${index + 2} conflict`]
  })
}

const aside = async (): Promise<string[]> =>
  (await desk.aside()).map((said) => said.split(' ').slice(0, 2).join(' ')).sort()

test('files mean what their lines mean one after the other, in batches of any size, first file or later one', async () => {
  const files = fc.array(fc.array(line, { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(files, fc.constantFrom(1, 2, 3, 7, 1000), async (reports, chunkLines) => {
      await desk.database.query('truncate processor_row, processor_file, quarantine cascade')
      const known = new Map<number, Known>()
      const setAside: string[] = []
      for (const [index, lines] of reports.entries()) {
        const name = `${index}.csv`
        setAside.push(...asideOf(name, lines, known))
        const counts = meant(known, lines)
        // its last column makes the bytes of each file its own
        const path = desk.file(name, [`${STRIPE_HEADER},of_${index}`, ...lines.map((each) => `${written(each)},`)])
        expect(await desk.take(path, { chunkLines })).toMatchObject({ outcome: 'imported', ...counts })
      }
      expect(await stored()).toEqual([...known].sort(([a], [b]) => a - b))
      expect(await aside()).toEqual(setAside.sort())
    }),
    { numRuns: RUNS },
  )
})
