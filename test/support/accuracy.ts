/** How often what is planted in invented histories is found, and nothing else: precision and recall by code, to the cent. */

import type { FreshDatabase } from './database.ts'
import { type Finding, liveThrough } from './small-night.ts'
import { toldHistory } from './told-history.ts'

/** What is planted, by the one code that must be found for it. */
const TROUBLES: Readonly<Record<string, string>> = {
  MISSING_IN_LEDGER: 'paid, never booked',
  MISSING_AT_PROCESSOR: 'booked, never paid',
  AMOUNT_MISMATCH: 'paid more than booked',
  REFUND_FEE_MISMATCH: 'a fee that nobody booked',
  DUPLICATE_IN_LEDGER: 'booked twice',
  CUTOFF_MISMATCH: 'paid in the next month',
  REFUND_FAILED: 'the money came back',
  ALLOCATION_IMBALANCE: 'allocated to less than was refunded',
}

interface Accuracy {
  code: string
  trouble: string
  planted: number
  /** of the code, right or wrong */
  reported: number
  /** with the very legs and rows that were planted */
  right: number
  /** by which the effects of right ones differ from those planted, in cents */
  wrong_cents: number
}

export interface Measured {
  refunds: number
  codes: Accuracy[]
  /** matches that hold a leg and a row of two different refunds */
  wrong_matches: number
  matches: number
}

const itemsOf = ({ code, legs, rows, refund_id }: Finding): string => JSON.stringify([code, legs, rows, refund_id])

const centsOf = ({ effects }: Finding): Map<string, number> =>
  new Map(
    effects.flatMap(({ month, processor, currency, ...measures }) =>
      Object.entries(measures).map(
        ([measure, cents]) => [[month, processor, currency, measure].join(' '), cents] as const,
      ),
    ),
  )

const apart = (planted: Finding, reported: Finding): number => {
  const [a, b] = [centsOf(planted), centsOf(reported)]
  return [...new Set([...a.keys(), ...b.keys()])].reduce(
    (sum, key) => sum + Math.abs((a.get(key) ?? 0) - (b.get(key) ?? 0)),
    0,
  )
}

/** The refund that an invented leg or row is of: leg-17-again and txn-17-back are of 17. */
const MATCHES = `
  select match_no, count(distinct split_part(coalesce(leg.leg_id, line.transaction_id), '-', 2))::int as refunds
  from match_item item
  left join ledger_leg leg on leg.business_id = item.business_id and leg.leg_no = item.leg_no
  left join processor_row line on line.business_id = item.business_id and line.row_no = item.row_no
  where item.business_id = $1
  group by match_no`

/** Lives through a history of each seed and compares what is found with what was planted. */
export const measure = async (
  database: FreshDatabase,
  seeds: readonly number[],
  refunds: number,
): Promise<Measured> => {
  const planted: Finding[] = []
  const reported: Finding[] = []
  const right: [Finding, Finding][] = []
  const measured = { wrong_matches: 0, matches: 0 }
  for (const seed of seeds) {
    const night = toldHistory(seed, refunds)
    const { finds, business_id } = await liveThrough(database, night)
    planted.push(...night.finds)
    reported.push(...finds)
    const byItems = new Map(finds.map((find) => [itemsOf(find), find]))
    for (const each of night.finds) {
      const found = byItems.get(itemsOf(each))
      if (found) right.push([each, found])
    }
    for (const match of await database.query<{ refunds: number }>(MATCHES, [business_id])) {
      measured.matches += 1
      if (match.refunds !== 1) measured.wrong_matches += 1
    }
  }
  const codes = [...new Set([...Object.keys(TROUBLES), ...reported.map(({ code }) => code)])].map((code) => {
    const own = right.filter(([{ code: of }]) => of === code)
    return {
      code,
      trouble: TROUBLES[code] ?? 'nothing',
      planted: planted.filter((each) => each.code === code).length,
      reported: reported.filter((each) => each.code === code).length,
      right: own.length,
      wrong_cents: own.reduce((sum, [a, b]) => sum + apart(a, b), 0),
    }
  })
  return { refunds: seeds.length * refunds, codes, ...measured }
}

const share = (part: number, whole: number): string => (whole === 0 ? '-' : (part / whole).toFixed(3))

/** docs/developing/accuracy.md */
export const accuracyPage = ({ refunds, codes, matches, wrong_matches }: Measured): string => {
  const sum = (of: (line: Accuracy) => number): number => codes.reduce((total, line) => total + of(line), 0)
  const row = (code: string, trouble: string, of: (pick: (line: Accuracy) => number) => number): string => {
    const [planted, reported, right] = [
      of((line) => line.planted),
      of((line) => line.reported),
      of((line) => line.right),
    ]
    return `| ${code} | ${trouble} | ${planted} | ${share(right, reported)} | ${share(right, planted)} | ${of((line) => line.wrong_cents)} |`
  }
  return `# Accuracy

Written by \`npm run accuracy\`: ${refunds.toLocaleString('en')} invented refunds, with ${sum((line) => line.planted).toLocaleString('en')} troubles planted in them, whose truth is
certain, go the whole way from listing and file to findings. A finding is right when it names the very payments and lines that were
planted. *Precision*: right ones of those reported; *recall*: right ones of those planted; *wrong cents*: by which the amounts of right
ones differ from the truth. A short version is part of \`npm test\`, and fails below 1.

| code | planted | times | precision | recall | wrong cents |
| --- | --- | --- | --- | --- | --- |
${codes.map((line) => row(`\`${line.code}\``, line.trouble, (pick) => pick(line))).join('\n')}
${row('all', '', sum)}

${matches.toLocaleString('en')} matches were made; ${wrong_matches} of them join a payment and a line of different refunds.

One refund in five bears no id of the processor, but that of its payment; amounts are all different, and nothing is planted where two
readings would be right: there a finding shows what is ambiguous, and a person decides.
`
}
