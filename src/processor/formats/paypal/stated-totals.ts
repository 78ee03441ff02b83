/** What the footers of PayPal's row-typed reports state, against what was read. Amounts are hundredths, as in the file. */

import type { CsvRecord, StatedTotal } from '../format.ts'

/** Counts and sums of the transactions of a section, a file or a report. */
export interface Tally {
  count: number
  sums: Map<string, Sums>
}

interface Sums {
  credits: bigint
  debits: bigint
  feeCredits: bigint
  feeDebits: bigint
}

export const newTally = (): Tally => ({ count: 0, sums: new Map() })

const NOTHING: Sums = { credits: 0n, debits: 0n, feeCredits: 0n, feeDebits: 0n }

/** Adds a transaction's gross amount and fee, both signed: credit positive. */
export const addTo = (tally: Tally, currency: string, gross: bigint, fee: bigint): void => {
  const sums = tally.sums.get(currency) ?? { ...NOTHING }
  if (gross > 0n) sums.credits += gross
  else sums.debits -= gross
  if (fee > 0n) sums.feeCredits += fee
  else sums.feeDebits -= fee
  tally.sums.set(currency, sums)
}

/** A footer's count of transactions (SC, RC, FF; of transaction detail reports also SF, RF), in its second cell. */
export const statedCount = ({ cells, line }: CsvRecord, read: number): StatedTotal =>
  compared(`${place(cells, line)}: count of transactions`, cells[1], BigInt(read))

/** The sums of one currency (SF, RF of settlement reports): currency, gross credits and debits, fee credits and debits. */
export const statedSums = ({ cells, line }: CsvRecord, tally: Tally): StatedTotal[] => {
  const currency = (cells[1] ?? '').trim().toUpperCase()
  const read = tally.sums.get(currency) ?? NOTHING
  const name = `${place(cells, line)}: ${currency}`
  return [
    compared(`${name} gross credits`, cells[2], read.credits),
    compared(`${name} gross debits`, cells[3], read.debits),
    compared(`${name} fee credits`, cells[4], read.feeCredits),
    compared(`${name} fee debits`, cells[5], read.feeDebits),
  ]
}

/** Whether a footer states sums: its second cell is then a currency, else a count. */
export const statesSums = ({ cells }: CsvRecord): boolean => !/^\d*$/.test((cells[1] ?? '').trim())

const place = (cells: readonly string[], line: number): string => `line ${line}, ${(cells[0] ?? '').trim()}`

const compared = (name: string, cell: string | undefined, read: bigint): StatedTotal => {
  const stated = (cell ?? '').trim()
  return { name, stated, read: read.toString(), holds: /^\d{1,18}$/.test(stated) && BigInt(stated) === read }
}
