import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ImportDesk, openDesk, STRIPE_HEADER } from '../support/import.ts'

const RUNS = Number(process.env['TIEOUT_IMPORTS'] ?? 25)

let desk: ImportDesk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(async () => await desk.close())

/** A line of a report: a few ids that come again, with another amount now and then, and payouts and keys that come later. */
interface Line {
  id: number
  cents: number
  payout: string
  refund: string
  payment: string
  isUnreadable: boolean
}

const line: fc.Arbitrary<Line> = fc.record({
  id: fc.nat(11),
  cents: fc.constantFrom(2500, 2500, 2500, 2600),
  payout: fc.constantFrom('', '', 'po_1', 'po_2'),
  refund: fc.constantFrom('', '', '', 're_1', '#re_1', 're_2'),
  payment: fc.constantFrom('', 'ch_1', 'ch_1', '#ch_1', 'ch_2', 'ch_3'),
  isUnreadable: fc.constantFrom(false, false, false, false, true),
})

const written = ({ id, cents, payout, refund, payment, isUnreadable }: Line): string =>
  `txn_${id},2026-10-31 14:00:00,,usd,${isUnreadable ? 'x' : `-${cents / 100}.00`},0.00,refund,${refund},${payment},${payout}`

interface Known {
  cents: number
  payout: string
  refund: string
  /** as written */
  payments: string[]
}

const held = (id: string): string => id.replace(/^#/, '')

/** What a file's lines mean, one after the other; `place` of each line that is quarantined, and of those it settles. */
const meant = (known: Map<number, Known>, open: Map<string, number>, name: string, lines: readonly Line[]) => {
  const counts = { accepted: 0n, known: 0n, conflicts: 0n, unreadable: 0n }
  const unreadable: string[] = []
  const conflicts = new Map<string, number>()
  const settled: string[] = []
  for (const [index, { id, cents, payout, refund, payment, isUnreadable }] of lines.entries()) {
    const before = known.get(id)
    const payments = payment === '' ? [] : [payment]
    if (isUnreadable) {
      counts.unreadable += 1n
      unreadable.push(`${name}:${index + 2} unreadable open`)
    } else if (before === undefined) {
      counts.accepted += 1n
      known.set(id, { cents, payout, refund, payments })
    } else if (
      before.cents !== cents ||
      (before.refund !== '' && refund !== '' && held(before.refund) !== held(refund))
    ) {
      counts.conflicts += 1n
      conflicts.set(`${name}:${index + 2} conflict`, id)
    } else {
      counts.known += 1n
      if (payout !== '') before.payout = payout
      if (before.refund === '') before.refund = refund
      const isNew = (each: string): boolean => !before.payments.some((one) => held(one) === held(each))
      before.payments.push(...payments.filter(isNew))
      for (const [place, of] of open) if (of === id) settled.push(place)
    }
  }
  for (const place of settled) open.delete(place)
  for (const [place, id] of conflicts) open.set(place, id)
  return { counts, unreadable, conflicts: [...conflicts.keys()] }
}

interface Stored {
  transaction_id: string
  amount: bigint
  payout_id: string | null
  refund_id: string | null
  payment_ids: string[]
  keys_written: { refund_id: string | null; payment_ids: string[] } | null
}

const stored = async (): Promise<[number, Known][]> => {
  const rows = await desk.database.query<Stored>(
    'select transaction_id, amount, payout_id, refund_id, payment_ids, keys_written from processor_row',
  )
  return rows
    .map(({ transaction_id, amount, payout_id, refund_id, payment_ids, keys_written }): [number, Known] => {
      const said = keys_written ?? { refund_id, payment_ids }
      expect([refund_id, payment_ids]).toEqual([said.refund_id && held(said.refund_id), said.payment_ids.map(held)])
      const keys = { refund: said.refund_id ?? '', payments: said.payment_ids }
      return [Number(transaction_id.slice('txn_'.length)), { cents: Number(amount), payout: payout_id ?? '', ...keys }]
    })
    .sort(([a], [b]) => a - b)
}

const aside = async (): Promise<string[]> => {
  const lines = await desk.database.query<{ said: string }>(
    `select format('%s:%s %s %s', source, line, kind, state) as said from quarantine`,
  )
  return lines.map(({ said }) => said).sort()
}

test('files mean what their lines mean one after the other, first file or later one', async () => {
  const files = fc.array(fc.array(line, { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(files, async (reports) => {
      await desk.database.query('truncate processor_row, processor_file, quarantine cascade')
      const known = new Map<number, Known>()
      const unreadable: string[] = []
      const conflicts: string[] = []
      const open = new Map<string, number>()
      for (const [index, lines] of reports.entries()) {
        const name = `${index}.csv`
        const found = meant(known, open, name, lines)
        unreadable.push(...found.unreadable)
        conflicts.push(...found.conflicts)
        // its last column makes the bytes of each file its own
        const path = desk.file(name, [`${STRIPE_HEADER},of_${index}`, ...lines.map((each) => `${written(each)},`)])
        expect(await desk.take(path)).toMatchObject({ outcome: 'imported', ...found.counts })
      }
      expect(await stored()).toEqual([...known].sort(([a], [b]) => a - b))
      const settled = conflicts.map((place) => `${place} ${open.has(place) ? 'open' : 'settled'}`)
      expect(await aside()).toEqual([...unreadable, ...settled].sort())
    }),
    { numRuns: RUNS },
  )
})
