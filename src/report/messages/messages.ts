/** The sentence of each finding: what is wrong, by how much, when, and where both sides of it came from. */

import type { Code } from '../../core/discrepancy.ts'
import { formatMoney } from '../../core/money.ts'
import { monthOf } from '../../core/period.ts'
import { spanText } from '../../core/words.ts'
import type { BusinessLine, LegLine, Measure, RowLine } from '../lines.ts'
import type { HintKind } from '../related/hint.ts'
import { feesNotCompared, feeTotalMismatch } from './fee-messages.ts'
import { type Context, type Facts, type Found, MEASURE_WORDS } from './message-facts.ts'
import { counted, legPhrase, listed, monthName, processorName, refundWord, rowPhrase, sum, surplus } from './phrases.ts'
import { allocationImbalance, lineItemImbalance, paymentImbalance, removed } from './refund-messages.ts'

/** What is wrong, and what its strongest hint says: two or three sentences about a finding, for people. */
export const messageOf = (found: Found, context: Context, business: BusinessLine): string => {
  const facts: Facts = {
    ...context,
    found,
    currency: business.currency,
    processors: business.processors,
    processor: processorName(found.rows[0]?.processor ?? found.processor),
  }
  const said = SENTENCES[found.code](facts)
  const [hint] = found.related
  return hint === undefined || thereAfterAll(facts) !== null ? said : `${said} Note that ${hint.reason}.`
}

/** Whether the other side has the money after all, by the strongest hint: then nothing says that it has not. */
const AFTER_ALL: Partial<Record<Code, ReadonlySet<HintKind>>> = {}
for (const code of ['MISSING_IN_LEDGER', 'AWAITING_LEDGER'] as const)
  AFTER_ALL[code] = new Set(['ledger_unpaid', 'ledger_quarantined', 'ledger_outside', 'ledger_before_start'])
for (const code of ['MISSING_AT_PROCESSOR', 'AWAITING_PROCESSOR'] as const)
  AFTER_ALL[code] = new Set(['line_quarantined'])

const thereAfterAll = ({ found }: Facts): string | null => {
  const [hint] = found.related
  return hint !== undefined && AFTER_ALL[found.code]?.has(hint.kind) ? hint.reason : null
}

const processorSays = ({ found, processor }: Facts): string => {
  const [row] = found.rows
  if (!row) return `${processor} has a ${refundWord(found.direction)}`
  if (row.type === 'refund_reversal') {
    return `${processor} took back a refund of ${formatMoney(-row.amount, row.currency)} on ${row.occurred_on}`
  }
  const verb = row.type === 'vendor_refund' ? 'received a vendor refund of' : 'refunded'
  return `${processor} ${verb} ${listed(found.rows.map(rowPhrase))}`
}

/** Of a reversal that no refund of the ledger has: which refund was taken back; null: it is no reversal. */
const takenBack = (facts: Facts): string | null => {
  const [row] = facts.found.rows
  if (row?.type !== 'refund_reversal') return null
  return row.reverses === null
    ? `${processorSays(facts)}; the line of the refund itself is not in the imported files`
    : `${processorSays(facts)}, which it had made before; neither of the two is matched with the ledger`
}

const ledgerSays = ({ found, currency }: Facts): string =>
  `The ledger has a ${refundWord(found.direction)} of ${listed(found.legs.map((leg) => legPhrase(leg, currency)))}`

const through = ({ found }: Facts): string => {
  const named = found.legs[0]?.processor ?? found.processor
  return named === null || named === 'UNASSIGNED' ? 'without a processor' : `through ${processorName(named)}`
}

/** 'through PayPal, which is not configured' */
const throughOf = (facts: Facts): string => {
  const named = facts.found.legs[0]?.processor ?? facts.found.processor
  const is_unknown = named !== null && named !== 'UNASSIGNED' && !facts.processors.includes(named)
  return `${through(facts)}${is_unknown ? ', which is not configured' : ''}`
}

const filesOf = ({ found, processors }: Facts): string => {
  const named = found.legs[0]?.processor ?? found.processor
  return named === null || !processors.includes(named) ? "the processors' files" : `${processorName(named)}'s files`
}

/** 'Ledger: ...; Stripe: ...' */
const bothSides = ({ found, currency, processor }: Facts): string =>
  `Ledger: ${listed(found.legs.map((leg) => legPhrase(leg, currency)))}. ${processor}: ${listed(found.rows.map(rowPhrase))}.`

const measured = (items: readonly (LegLine | RowLine)[], measure: Measure): bigint =>
  sum(items.map((item) => item[measure]))

const mismatch =
  (measure: Measure) =>
  (facts: Facts): string => {
    const { found, currency, processor } = facts
    const word = MEASURE_WORDS[measure]
    const [ledger, there] = [measured(found.legs, measure), measured(found.rows, measure)]
    const unit = found.legs.length > 0 ? currency : found.currency
    if (found.legs.length === 0) {
      return `${processor} made and took back a refund, but of its ${word}s ${formatMoney(there, unit)} remain: ${listed(found.rows.map(rowPhrase))}.`
    }
    const claim =
      measure === 'amount'
        ? found.direction === 'vendor'
          ? `The ledger has ${formatMoney(ledger, unit)} back from the vendor where ${processor} received ${formatMoney(there, unit)}`
          : `The ledger refunded ${formatMoney(ledger, unit)} where ${processor} refunded ${formatMoney(there, unit)}`
        : `The ledger has a ${word} of ${formatMoney(ledger, unit)} where ${processor} has ${formatMoney(there, unit)}`
    return `${claim}: ${surplus(ledger - there, unit)}. ${bothSides(facts)}`
  }

const withinTolerance = (facts: Facts): string => {
  const { found, currency } = facts
  const measures: readonly Measure[] = ['amount', 'refund_fee', 'returned_fee']
  const parts = measures.flatMap((measure) => {
    const difference = measured(found.legs, measure) - measured(found.rows, measure)
    return difference === 0n ? [] : [`${MEASURE_WORDS[measure]} ${surplus(difference, currency)} in the ledger`]
  })
  return `The two sides differ by no more than is tolerated: ${listed(parts)}. ${bothSides(facts)}`
}

const converted = (facts: Facts): string => {
  const { found, currency, processor } = facts
  const made = found.rows.filter((row) => row.type !== 'refund_reversal')
  const ledger = measured(found.legs, 'amount')
  const come_to = sum(
    made.map((row) => facts.rates.find((rate) => rate.transaction_id === row.transaction_id)?.amount ?? row.amount),
  )
  const amounts = made.map((row) => formatMoney(row.amount, row.currency))
  const rates = facts.rates.map(
    ({ from_currency, to_currency, rate, dated_on }) => `1 ${from_currency} = ${rate} ${to_currency} on ${dated_on}`,
  )
  const said = `The ledger has the refund as ${formatMoney(ledger, currency)}, ${processor} settled ${listed(amounts)}.`
  if (rates.length === 0) return `${said} ${bothSides(facts)}`
  const apart = ledger - come_to
  const difference =
    apart === 0n
      ? 'no difference'
      : `the ledger has ${formatMoney(apart < 0n ? -apart : apart, currency)} ${apart < 0n ? 'less' : 'more'}`
  return `${said} At ${listed([...new Set(rates)])} that is ${formatMoney(come_to, currency)}: ${difference}. ${bothSides(facts)}`
}

const monthsOf = (dates: readonly string[]): string => listed([...new Set(dates.map(monthOf))].map(monthName))

const cutoff = (facts: Facts): string => {
  const { found, processor } = facts
  const there = monthsOf(found.rows.map((row) => row.occurred_on))
  if (found.legs.length === 0) {
    return `${processor} made and took back the same refund, in different months (${there}): ${listed(found.rows.map(rowPhrase))}.`
  }
  const here = monthsOf(found.legs.map((leg) => leg.completed_on))
  return `Both sides agree on the money, but the ledger dates it in ${here} and ${processor} in ${there}. ${bothSides(facts)}`
}

const failed = (facts: Facts): string => {
  const { found, processor } = facts
  const back = found.rows.filter((row) => row.type === 'refund_reversal')
  const made = found.rows.filter((row) => row.type !== 'refund_reversal')
  const said = made.length > 0 ? `, which it had made as ${listed(made.map(rowPhrase))}` : ''
  const reversed = back.map((row) => `${formatMoney(-row.amount, row.currency)} on ${row.occurred_on}`)
  return `${ledgerSays(facts)}, but ${processor} took back ${listed(reversed)}${said}.`
}

const target = (facts: Facts): string => {
  const { refunds, found, processor } = facts
  const booked = [...new Set(refunds.flatMap((refund) => refund.payment_keys))]
  const refunded = [...new Set(found.rows.flatMap((row) => row.payment_id))]
  return `The ledger books the refund against payment ${listed(booked)}, but ${processor} refunded payment ${listed(refunded)}. ${bothSides(facts)}`
}

const duplicate = (facts: Facts): string =>
  `${ledgerSays(facts)}, but the processor's refund that it names is already matched by another refund of the ledger.`

const ambiguous = (facts: Facts): string => {
  const { found, processor } = facts
  const made = found.rows.filter((row) => row.type !== 'refund_reversal')
  return `${counted(found.legs.length, 'payment')} of the ledger and ${counted(made.length, 'line')} of ${processor} have the same amount within few days, and nothing tells which belong together. ${bothSides(facts)}`
}

/** What the customer saw, where each line says it in one currency; else what was settled. */
const asPresented = (rows: readonly RowLine[]): readonly RowLine[] => {
  const presented = rows.flatMap((row) =>
    row.presented_amount === null || row.presented_currency === null
      ? []
      : [{ ...row, amount: row.presented_amount, currency: row.presented_currency }],
  )
  const has_one_currency = new Set(presented.map((row) => row.currency)).size === 1
  return presented.length === rows.length && has_one_currency ? presented : rows
}

const overRefund = ({ found, processor }: Facts): string => {
  const rows = asPresented(found.rows)
  const unit = rows[0]?.currency ?? found.currency
  const paid = sum(rows.filter((row) => row.type === 'payment').map((row) => row.amount))
  const back = sum(rows.filter((row) => row.type !== 'payment').map((row) => row.amount))
  const also = rows.some((row) => row.type.startsWith('chargeback')) ? ', chargebacks included' : ''
  return `${processor} refunded ${formatMoney(back, unit)} of ${formatMoney(paid, unit)} paid${also}, ${formatMoney(back - paid, unit)} more than there was: ${listed(rows.map((row) => `${row.type.replace('_', ' ')} ${rowPhrase(row)}`))}.`
}

const moreOrLess = (difference: bigint, currency: string): string =>
  difference < 0n ? `${formatMoney(-difference, currency)} less` : `${formatMoney(difference, currency)} more`

/** 'the ledger 45.00 USD instead of 40.00 USD, 5.00 USD more' of each total that differs. */
const changedAfterClose = ({ found, processor, currency }: Facts): string => {
  const money = (minor: string): string => formatMoney(BigInt(minor), found.currency)
  const totals = (found.differs ?? []).flatMap(({ measure, ...total }) => {
    const of = measure === 'amount' ? '' : ` of ${MEASURE_WORDS[measure]}`
    const told = (side: string, was: string, now: string): string[] =>
      was === now
        ? []
        : [
            `${side}${of} ${money(now)} instead of ${money(was)}, ${moreOrLess(BigInt(now) - BigInt(was), found.currency)}`,
          ]
    return [
      ...told('the ledger', total.ledger, total.ledger_now),
      ...told(processor, total.processor_total, total.processor_total_now),
    ]
  })
  const items = [...found.legs.map((leg) => legPhrase(leg, currency)), ...found.rows.map(rowPhrase)]
  const month = found.month === null ? 'A closed month' : monthName(found.month)
  return `${month} is closed, and would come out different from what was signed: ${totals.join('; ')}.${items.length === 0 ? '' : ` What came to differ: ${listed(items)}.`}`
}

/** Why it cannot be said yet whether a refund was made. */
const stillToCome = (facts: Facts): string => {
  const { missing } = facts
  const { due_on } = facts.found
  if (missing === null || due_on === null)
    return `${filesOf(facts)} do not reach far enough yet to say whether it was made`
  return `no file covers ${spanText(missing.from, missing.to, due_on)}, so it cannot be said whether it was made`
}

const SENTENCES: Readonly<Record<Code, (facts: Facts) => string>> = {
  MISSING_IN_LEDGER: (facts) => {
    const back = takenBack(facts)
    if (back !== null) return `${back}.`
    return `${processorSays(facts)}, but ${thereAfterAll(facts) ?? 'the ledger has no refund for it'}.`
  },
  AWAITING_LEDGER: (facts) => {
    const until = facts.found.due_on
    const due =
      until === null
        ? "the ledger's last listing may be cut off, so it cannot be said whether it is there"
        : `${thereAfterAll(facts) ?? 'the ledger has no refund for it yet'}; it is due there by ${until}`
    const back = takenBack(facts)
    return back === null ? `${processorSays(facts)}, and ${due}.` : `${back}; ${due}.`
  },
  MISSING_AT_PROCESSOR: (facts) =>
    `${ledgerSays(facts)} ${throughOf(facts)}, but ${thereAfterAll(facts) ?? `${filesOf(facts)} have no line for it, although they cover its date`}.`,
  AWAITING_PROCESSOR: (facts) =>
    `${ledgerSays(facts)} ${throughOf(facts)}, and ${thereAfterAll(facts) ?? stillToCome(facts)}.`,
  AMOUNT_MISMATCH: mismatch('amount'),
  REFUND_FEE_MISMATCH: mismatch('refund_fee'),
  RETURNED_FEE_MISMATCH: mismatch('returned_fee'),
  WITHIN_TOLERANCE: withinTolerance,
  CURRENCY_MISMATCH: (facts) =>
    `The ledger has the refund in ${facts.currency}, ${facts.processor} in ${listed([...new Set(facts.found.rows.map((row) => row.currency))])}. ${bothSides(facts)}`,
  CURRENCY_CONVERTED: converted,
  PROCESSOR_MISMATCH: (facts) =>
    `The ledger has the refund ${through(facts)}, but it was made by ${facts.processor}. ${bothSides(facts)}`,
  REFUND_FAILED: failed,
  CUTOFF_MISMATCH: cutoff,
  ALLOCATION_TARGET_MISMATCH: target,
  DUPLICATE_IN_LEDGER: duplicate,
  AMBIGUOUS_MATCH: ambiguous,
  OVER_REFUND: overRefund,
  ALLOCATION_IMBALANCE: allocationImbalance,
  PAYMENT_IMBALANCE: paymentImbalance,
  LINE_ITEM_IMBALANCE: lineItemImbalance,
  FEE_TOTAL_MISMATCH: feeTotalMismatch,
  FEES_NOT_COMPARED: feesNotCompared,
  LEDGER_REFUND_REMOVED: removed,
  CHANGED_AFTER_CLOSE: changedAfterClose,
}
