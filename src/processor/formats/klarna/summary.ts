/** The summary section on top of Klarna's settlement report: a line of names and a line of values. */

import { FileFault } from '../../../core/errors.ts'
import type { AmountReader } from '../../fields/amount-reader.ts'
import { type Occurred, readTime } from '../../fields/record-time.ts'
import { bindColumns } from '../../read/columns.ts'
import { quote } from '../../read/quote.ts'
import { fits, text, UnreadableRecord } from '../../read/record-reader.ts'
import type { CsvRecord, ReadingContext, StatedTotal } from '../format.ts'
import { statedTotal } from '../stated-total.ts'

/** What the summary says of the whole file. */
export interface KlarnaSummary {
  payout_id: string | null
  paid_out: Occurred | null
  /** the currency of the totals; null where there is no summary */
  currency: string | null
  /** the totals it states, beside the sums of the lines of some types; what is deducted is counted positive */
  totals(sumOf: (types: readonly string[]) => bigint): StatedTotal[]
}

interface Total {
  name: string
  types: readonly string[]
  /** other types that reduce it */
  less?: readonly string[]
  /** of lines that are deducted: the report may be set to print a minus before them */
  deducted?: true
}

/** Totals that Klarna makes up of more than lines (settlement, tax, commission, corrections, debt) are not here. */
const TOTALS: readonly Total[] = [
  { name: 'total_sale_amount', types: ['SALE'] },
  { name: 'total_return_amount', types: ['RETURN'], deducted: true },
  { name: 'total_fee_amount', types: ['FEE'], deducted: true },
  { name: 'total_fee_refund_amount', types: ['FEE_REFUND'] },
  { name: 'total_reversal_amount', types: ['REVERSAL'], less: ['REVERSAL_MERCHANT_PROTECTION'], deducted: true },
  { name: 'total_charge_amount', types: ['CHARGE'], deducted: true },
  { name: 'total_credit_amount', types: ['CREDIT'] },
  { name: 'total_holdback_amount', types: ['HOLDBACK'], deducted: true },
  { name: 'total_release_amount', types: ['RELEASE'] },
]

const NO_SUMMARY: KlarnaSummary = { payout_id: null, paid_out: null, currency: null, totals: () => [] }

/** Reads what stands before the header: nothing, or the two lines of the summary. Else FileFault. */
export const readKlarnaSummary = (
  preamble: readonly CsvRecord[],
  context: ReadingContext,
  money: AmountReader,
): KlarnaSummary => {
  const [names, values, ...more] = preamble
  if (names === undefined) return NO_SUMMARY
  const columns = bindColumns(names, context.fileName, 'klarna-settlement')
  const known = TOTALS.map((total) => ({ ...total, column: columns.find(total.name) }))
  const isSummary = known.some(({ column }) => column !== null) || columns.find('payment_reference') !== null
  if (!isSummary || values === undefined || more.length > 0) {
    const line = (isSummary ? (more[0] ?? names) : names).line
    throw new FileFault(
      `${context.fileName}, line ${line}: expected nothing before the transactions but Klarna's summary, a line of names such as total_sale_amount and a line of values`,
    )
  }
  const { cells, line } = values
  readOrRefuse(context.fileName, line, () => fits(columns, values))
  const currency = text(cells, columns.find('settlement_currency')).toUpperCase() || context.currency
  const payoutDate = text(cells, columns.find('payout_date'))
  const paid_out = payoutDate === '' ? null : readTime(payoutDate, context.businessTimeZone, context.fileTimeZone)
  if (payoutDate !== '' && paid_out === null) {
    throw new FileFault(
      `${context.fileName}, line ${line}: payout_date is ${quote(payoutDate)}, expected a date and time such as 2026-10-31T23:59:59Z`,
    )
  }
  const stated = known.flatMap(({ column, ...total }) => {
    const cell = text(cells, column)
    if (column === null || cell === '') return []
    const said = readOrRefuse(context.fileName, line, () => money(cells, column, currency, line))
    return [{ ...total, cell, said: total.deducted && said < 0n ? -said : said }]
  })
  return {
    payout_id: text(cells, columns.find('payment_reference')) || null,
    paid_out,
    currency,
    totals: (sumOf) =>
      stated.map(({ name, types, less = [], cell, said }) => {
        const read = sumOf(types) - sumOf(less)
        return statedTotal(name, cell, said, read, currency, cell.includes(',') ? ',' : '.')
      }),
  }
}

const readOrRefuse = <T>(file: string, line: number, read: () => T): T => {
  try {
    return read()
  } catch (problem) {
    if (!(problem instanceof UnreadableRecord)) throw problem
    throw new FileFault(`${file}, line ${line}: of the summary ${problem.message}`)
  }
}
