/** Findings of one cause, said together (spec section 5, Hints): the same code, processor and difference, or share of the amount. */

import { CODES, type Code } from '../core/discrepancy.ts'
import { formatMoney } from '../core/money.ts'
import type { DiscrepancyLine, Measure } from './lines.ts'
import { MEASURE_WORDS } from './messages/message-facts.ts'
import { processorName, sum } from './messages/phrases.ts'

/** Three findings or more have one cause. Amounts are minor units. */
export interface CauseLine {
  business_id: string
  code: Code
  processor: string
  count: bigint
  /** the sum of the differences, ledger less processor */
  amount: bigint
  text: string
  discrepancy_ids: string[]
}

/** A cause as the reports for people say it; `currency` is the business's. */
export const causeSentence = ({ code, text, amount }: CauseLine, currency: string): string =>
  `${CODES[code].title}, ${text} (${formatMoney(amount, currency)} net)`

/** The measure that a code compares; findings of other codes have no cause in common. */
const MEASURES: Partial<Record<Code, Measure>> = {
  AMOUNT_MISMATCH: 'amount',
  REFUND_FEE_MISMATCH: 'refund_fee',
  RETURNED_FEE_MISMATCH: 'returned_fee',
}
export const CAUSED: readonly Code[] = [
  ...(['AMOUNT_MISMATCH', 'REFUND_FEE_MISMATCH', 'RETURNED_FEE_MISMATCH'] as const),
  ...(['PROCESSOR_MISMATCH', 'FEE_TOTAL_MISMATCH'] as const),
]
const LEAST = 3

interface Difference {
  finding: DiscrepancyLine
  measure: Measure
  ledger: bigint
  there: bigint
  apart: bigint
  /** what the ledger refunded */
  base: bigint
}

/** The causes of findings of one business, each finding in one at most; those of equal differences first, then by share. */
export const causesOf = (findings: readonly DiscrepancyLine[]): CauseLine[] => {
  const differences = findings.flatMap((finding) => {
    const measure = MEASURES[finding.code]
    if (measure === undefined || finding.processor === null) return []
    const ledger = sum(finding.legs.map((leg) => leg[measure]))
    const there = sum(finding.rows.map((row) => row[measure]))
    return [
      { finding, measure, ledger, there, apart: ledger - there, base: sum(finding.legs.map((leg) => leg.amount)) },
    ]
  })
  const alike = groups(differences, ({ finding, apart }) => key(finding, apart))
  const rest = differences.filter((one) => !alike.some((group) => group.includes(one)))
  const shares = groups(
    rest.filter(({ base }) => base > 0n),
    ({ finding }) => key(finding, 0n),
  ).flatMap(byShare)
  return [...alike.map(equal), ...shares.map(inProportion), ...misnamed(findings), ...feesOfMonths(findings)]
}

/** Refunds that the ledger has under one name, and one processor moved: its name there, or an alias that is missing. */
const misnamed = (findings: readonly DiscrepancyLine[]): CauseLine[] =>
  listsOf(findings, ({ code, processor, direction, legs: [leg, ...others] }) =>
    code !== 'PROCESSOR_MISMATCH' || leg === undefined || others.some(({ processor: named }) => named !== leg.processor)
      ? null
      : `${leg.processor} ${processor} ${direction}`,
  ).map((list) => {
    const [first] = list
    const money = formatMoney(sum(list.flatMap(({ legs }) => legs.map(({ amount }) => amount))), first.currency)
    const named = first.legs[0]?.processor ?? null
    const where = named === 'UNASSIGNED' ? 'names no processor' : `names ${processorName(named)}`
    return causeLine(
      list,
      list.map(apartOf('amount')),
      `all ${list.length}, ${money}: the ledger ${where} where ${processorName(first.processor)} moved the money`,
    )
  })

/** Months of which a fee is always less, or always more, in the ledger. */
const feesOfMonths = (findings: readonly DiscrepancyLine[]): CauseLine[] =>
  listsOf(findings, (finding) =>
    finding.code !== 'FEE_TOTAL_MISMATCH' || finding.measure === null
      ? null
      : `${finding.processor} ${finding.currency} ${finding.direction} ${finding.measure} ${apartOf(finding.measure)(finding) < 0n}`,
  ).map((list) => {
    const [first] = list
    const measure = first.measure ?? 'refund_fee'
    const apart = list.map(apartOf(measure))
    const more = (apart[0] ?? 0n) < 0n ? 'less' : 'more'
    return causeLine(
      list,
      apart,
      `in all ${list.length} months: the ledger has ${more} in ${MEASURE_WORDS[measure]}s than ${processorName(first.processor)}`,
    )
  })

const apartOf =
  (measure: Measure) =>
  ({ effects }: DiscrepancyLine): bigint =>
    sum(effects.map((effect) => effect[measure]))

type List = [DiscrepancyLine, ...DiscrepancyLine[]]

/** The findings of each key that three or more have. */
const listsOf = (findings: readonly DiscrepancyLine[], keyOf: (finding: DiscrepancyLine) => string | null): List[] => {
  const found = new Map<string, List>()
  for (const finding of findings) {
    const key = keyOf(finding)
    if (key === null) continue
    const list = found.get(key)
    if (list) list.push(finding)
    else found.set(key, [finding])
  }
  return [...found.values()].filter((list) => list.length >= LEAST)
}

const key = ({ code, processor, currency, direction }: DiscrepancyLine, apart: bigint): string =>
  `${code} ${processor} ${currency} ${direction} ${apart}`

const groups = (differences: readonly Difference[], keyOf: (one: Difference) => string): Difference[][] => {
  const found = new Map<string, Difference[]>()
  for (const one of differences) {
    const list = found.get(keyOf(one))
    if (list) list.push(one)
    else found.set(keyOf(one), [one])
  }
  return [...found.values()].filter((list) => list.length >= LEAST)
}

/** Those whose differences are the same share of their amounts, to the minor unit: the largest amount tells the share. */
const byShare = (differences: readonly Difference[]): Difference[][] => {
  const found: Difference[][] = []
  let left = [...differences].sort((a, b) => (a.base > b.base ? -1 : a.base < b.base ? 1 : 0))
  // a few shares are causes; of many there is none
  for (let tries = 0; tries < 20 && left.length >= LEAST; tries += 1) {
    const [largest] = left
    if (largest === undefined) break
    const fits = ({ apart, base }: Difference): boolean => {
      const off = apart * largest.base - largest.apart * base
      return (off < 0n ? -off : off) * 2n <= largest.base
    }
    const group = left.filter(fits)
    if (group.length >= LEAST) found.push(group)
    left = left.filter((one) => !fits(one))
  }
  return found
}

const causeLine = (list: readonly DiscrepancyLine[], apart: readonly bigint[], text: string): CauseLine => {
  const [first] = list
  if (first?.processor == null) throw new Error('a cause without a finding')
  return {
    ...{ business_id: first.business_id, code: first.code, processor: first.processor, count: BigInt(list.length) },
    ...{ amount: sum(apart), text, discrepancy_ids: list.map(({ id }) => id) },
  }
}

const causeOf = (group: readonly Difference[], text: string): CauseLine =>
  causeLine(
    group.map(({ finding }) => finding),
    group.map(({ apart }) => apart),
    text,
  )

const equal = (group: readonly Difference[]): CauseLine => {
  const [first] = group
  if (first === undefined) throw new Error('a cause without a finding')
  const { finding, measure, ledger, there, apart } = first
  const money = (amount: bigint): string => formatMoney(amount, finding.currency)
  const name = processorName(finding.processor)
  const is_same = group.every((one) => one.ledger === ledger && one.there === there)
  const said = is_same
    ? `${name} has a ${MEASURE_WORDS[measure]} of ${money(there)}, the ledger has ${money(ledger)}`
    : `the ledger has ${money(apart < 0n ? -apart : apart)} ${apart < 0n ? 'less' : 'more'} in ${MEASURE_WORDS[measure]}s than ${name}`
  return causeOf(group, `all ${group.length}: ${said}`)
}

const inProportion = (group: readonly Difference[]): CauseLine => {
  const [first] = group
  if (first === undefined) throw new Error('a cause without a finding')
  const { finding, measure, apart, base } = first
  const percent = percentText(apart < 0n ? -apart : apart, base)
  const more = apart < 0n ? 'less' : 'more'
  return causeOf(
    group,
    `all ${group.length}: the ledger has ${more} in ${MEASURE_WORDS[measure]}s than ${processorName(finding.processor)}, by ${percent} of the refund each time`,
  )
}

/** '2.9 %' of 29n and 1000n */
const percentText = (part: bigint, whole: bigint): string => {
  const hundredths = (part * 10_000n + whole / 2n) / whole
  const text = `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`
  return `${text.replace(/\.?0+$/, '')} %`
}
