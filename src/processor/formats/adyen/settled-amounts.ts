/** The amounts of a line of Adyen's settlement details: net, before fees, and whether they agree with the gross ones. */

import { addScaled, minorDigits, type Scaled } from '../../../core/money.ts'
import { NOTHING, negated, plainText, rounded, size, times } from '../../fields/exact-amount.ts'
import type { Column, Columns } from '../../read/columns.ts'
import { quote } from '../../read/quote.ts'
import { currencyCode, text, unreadable } from '../../read/record-reader.ts'
import type { RowType } from '../format.ts'
import { feeColumns, feeSum, isCompared, movedBefore, nearlyEqual, plainDecimal, settledDecimal } from './line.ts'

export interface Amounts {
  currency: string
  /** what the line moves in its batch, fees included; minor units, like the others */
  net: bigint
  /** the same before fees */
  moved: bigint
  cost: bigint
  /** the net amount, for reasons */
  said: string
  /** the gross amount, without its side, in the shopper's currency; null where the line says none */
  shown: { amount: bigint; currency: string } | null
}

/**
 * Reads a line's amounts. The direction comes from the net columns alone: Adyen's own sample has settled payments in
 * Gross Debit. What is compared must satisfy gross x rate - fees = net to the minor unit, gross without its side.
 */
export const amountsReader = (columns: Columns): ((cells: readonly string[], type: RowType) => Amounts) => {
  const netCurrency = columns.need('Net Currency')
  const netDebit = columns.need('Net Debit (NC)')
  const netCredit = columns.need('Net Credit (NC)')
  const grossCurrency = columns.need('Gross Currency')
  const grossDebit = columns.need('Gross Debit (GC)')
  const grossCredit = columns.need('Gross Credit (GC)')
  const rate = columns.need('Exchange Rate')
  const charged = feeColumns(columns, '(NC)')

  const grossOf = (cells: readonly string[]): Scaled | null =>
    balanceOf(plainDecimal(cells, grossDebit), plainDecimal(cells, grossCredit), grossDebit, grossCredit)
  const grossInNet = (cells: readonly string[], gross: Scaled | null, currency: string): Scaled | null => {
    if (gross === null) return null
    const factor = plainDecimal(cells, rate)
    if (factor !== null) return times(gross, factor)
    return text(cells, grossCurrency).toUpperCase() === currency ? gross : null
  }

  const shownOf = (cells: readonly string[], gross: Scaled): Amounts['shown'] => {
    if (text(cells, grossCurrency) === '') return null
    const currency = currencyCode(cells, grossCurrency)
    return { amount: rounded(size(gross), currency), currency }
  }

  return (cells, type) => {
    const currency = currencyCode(cells, netCurrency)
    const fee = feeSum(cells, charged)
    const debit = settledDecimal(cells, netDebit, currency)
    const credit = settledDecimal(cells, netCredit, currency)
    const shopperGross = grossOf(cells)
    const gross = grossInNet(cells, shopperGross, currency)
    const expected = gross === null ? null : addScaled(gross, negated(fee))
    const net = balanceOf(debit, credit, netDebit, netCredit) ?? emptyNet(expected, fee, type, currency)
    if (isCompared(type)) {
      if (debit?.unscaled && credit?.unscaled)
        unreadable('Net Debit (NC) and Net Credit (NC) both have an amount, expected one')
      if (gross === null) {
        unreadable(
          `Gross Debit (GC) is ${quote(text(cells, grossDebit))}, Gross Credit (GC) ${quote(text(cells, grossCredit))}, Exchange Rate ${quote(text(cells, rate))}: expected an amount in one and a rate`,
        )
      } else if (!nearlyEqual(size(gross), size(addScaled(net, fee)), currency)) {
        unreadable(
          `gross x rate less fees is not net: ${plainText(size(gross))} with fees of ${plainText(fee)} against ${plainText(net)} ${currency}`,
        )
      }
    }
    const said = plainText(net)
    return {
      currency,
      net: rounded(net, currency),
      moved: movedBefore(type, net, fee, currency, said),
      cost: rounded(fee, currency),
      said,
      shown: shopperGross === null ? null : shownOf(cells, shopperGross),
    }
  }
}

/** Credit less debit; null where both cells are empty. Either must be without sign. */
const balanceOf = (debit: Scaled | null, credit: Scaled | null, ...places: readonly Column[]): Scaled | null => {
  for (const side of [debit, credit]) {
    if (side !== null && side.unscaled < 0n) {
      unreadable(`${places.map(({ name }) => name).join(' or ')} is negative, expected amounts without sign`)
    }
  }
  return debit === null && credit === null ? null : addScaled(credit ?? NOTHING, negated(debit ?? NOTHING))
}

/** Net cells are both empty where the line comes to 0, or says nothing of money; anywhere else an amount is missing. */
const emptyNet = (expected: Scaled | null, fee: Scaled, type: RowType, currency: string): Scaled => {
  const isNothing =
    expected === null ? !isCompared(type) && fee.unscaled === 0n : nearlyEqual(expected, NOTHING, currency)
  return isNothing
    ? { unscaled: 0n, scale: minorDigits(currency) }
    : unreadable('Net Debit (NC) and Net Credit (NC) are empty, expected an amount in one of them')
}
