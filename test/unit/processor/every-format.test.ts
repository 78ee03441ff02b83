/** What holds of every format, new ones too. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FORMATS } from '../../../src/processor/formats/formats.ts'
import { columnKey } from '../../../src/processor/read/columns.ts'
import { moneyOf, sameReading, shown } from '../../support/report-oracles.ts'
import { makeReader, type Reader, type Seed, write } from '../../support/report-seeds.ts'

/** The columns that hold words by which a line's type is told. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  'stripe-itemized': ['reporting_category'],
  'stripe-balance-history': ['Type'],
  'mollie-settlement': ['Payment method', 'Status'],
  'shopify-payments': ['Type'],
  'klarna-settlement': ['type', 'detailed_type'],
  'amazon-pay-settlement': ['TransactionType'],
  'adyen-settlement-details': ['Type'],
  'adyen-payment-accounting': ['Record Type'],
  'checkout-financial-actions': ['Action Type', 'Breakdown Type'],
  'checkout-settlement-breakdown': ['Type'],
  'amazon-settlement-v2': ['transaction-type', 'amount-type'],
  'square-transactions': ['Event Type', 'Transaction Status'],
  'braintree-transaction-search': ['Transaction Type', 'Transaction Status'],
  'paypal-stl': ['Transaction Event Code', 'Transaction Debit or Credit', 'Fee Debit or Credit'],
  'paypal-trr': ['Transaction Event Code', 'Transaction Debit or Credit', 'Transactional Status'],
  'paypal-activity': ['Type', 'Status', 'Balance Impact'],
  'toast-payment-details': ['Type', 'Status', 'Refunded'],
  'amazon-date-range': ['type'],
  'dlocal-settlement': ['ROW_TYPE'],
  'afterpay-settlement': ['Type'],
  'etsy-statement': ['Type', 'Title'],
  'ebay-transactions': ['Type'],
  'authorize-net-transactions': ['Action Code', 'Transaction Status'],
  'affirm-settlement': ['event_type'],
  'braintree-transaction-fees': ['Transaction Type'],
  'woopayments-transactions': ['Type'],
}

let reader: Reader
beforeAll(async () => {
  reader = await makeReader()
})
afterAll(async () => await reader.remove())

describe.each(FORMATS.map((format) => ({ name: format.name, format })))('$name', ({ name, format }) => {
  test('reads REFUND and refund like Refund, with the same ids', async () => {
    const wanted = (WORDS[name] ?? []).map(columnKey)
    expect(wanted).not.toEqual([])
    for (const seed of await reader.seeds(format)) {
      const titles = seed.header ?? seed.body.find(([first]) => first === 'CH') ?? []
      const places = new Set(titles.flatMap((title, place) => (wanted.includes(columnKey(title)) ? [place] : [])))
      for (const change of [(cell: string) => cell.toUpperCase(), (cell: string) => cell.toLowerCase()]) {
        const body = seed.body.map((cells) =>
          seed.header === null && cells[0] !== 'SB'
            ? cells
            : cells.map((cell, place) => (places.has(place) ? change(cell) : cell)),
        )
        const { rows } = await reader.read(format, seed.context, write({ ...seed, body }).text)
        expect(rows.map(moneyOf), seed.name).toEqual(seed.base.rows.map(moneyOf))
        const known = (row: { type: string }): boolean => ['payment', 'refund', 'refund_reversal'].includes(row.type)
        const ids = (all: typeof rows): string[] => all.filter(known).map(({ transaction_id }) => transaction_id)
        if (!name.startsWith('paypal')) expect(ids(rows), seed.name).toEqual(ids(seed.base.rows))
      }
    }
  })

  test('reads a line without its last, empty cell', async () => {
    const [example] = await reader.seeds(format)
    if (example === undefined) throw new Error('the example is no file of the format')
    const isAbove = (cells: readonly string[]): boolean => cells[0] === 'CH' || cells[0] === 'SH'
    const isLine = (cells: readonly string[]): boolean => example.header !== null || cells[0] === 'SB'
    const heads = example.body.filter((cells) => !isLine(cells) && isAbove(cells))
    const feet = example.body.filter((cells) => !isLine(cells) && !isAbove(cells))
    const remark = (cells: readonly string[]): string[] => [...cells, 'remark:1']
    const title = (cells: readonly string[]): readonly string[] => (cells[0] === 'CH' ? [...cells, 'Remark'] : cells)
    const bodyWith = (last: (cells: readonly string[]) => string[]): string[][] => {
      const lines = example.body.filter(isLine)
      const summary = name === 'amazon-settlement-v2' ? lines.slice(0, 1) : []
      const own = lines.slice(summary.length)
      const whole = [...summary, ...own, ...own, ...own].map(remark)
      const all = [...heads.map(title), ...whole, ...own.map(last), ...feet]
      return all.map((cells) => [...cells])
    }
    const read = async (last: (cells: readonly string[]) => string[]) => {
      const header = example.header === null ? null : [...example.header, 'Remark']
      const sheet = { ...example, header, body: bodyWith(last) }
      return await reader.read(format, example.context, write(sheet).text)
    }
    const empty = await read((cells) => [...cells, ''])
    expect(empty.refused).toBeNull()
    expect(empty.rows.length).toBeGreaterThan(0)
    const missing = await read((cells) => [...cells])
    expect(missing.unreadable).toEqual([])
    expect(sameReading(missing, empty), missing.rows.map(shown).join('\n')).toBe(true)
  })

  test('saved again by a spreadsheet it is refused whole, with a sentence on it, or read the same', async () => {
    for (const seed of await reader.seeds(format)) {
      const { refused, rows, unreadable } = await reader.read(format, seed.context, savedAgain(seed))
      if (refused !== null) {
        expect(refused, seed.name).toContain('download it again and import it as it comes')
        continue
      }
      const said = (all: typeof rows): string[] => all.map((row) => `${moneyOf(row)} ${row.occurred_on}`)
      if (seed.name === 'example') expect(said(rows)).toEqual(said(seed.base.rows))
      // where only some lines are rewritten in a way that cannot be read, those are quarantined
      const asideBefore = new Set(seed.base.unreadable.map(({ line }) => line))
      const isNew = rows.filter(({ line }) => !asideBefore.has(line))
      expect(said(seed.base.rows), seed.name).toEqual(expect.arrayContaining(said(isNew)))
      if (isNew.length < seed.base.rows.length) expect(unreadable.length).toBeGreaterThan(seed.base.unreadable.length)
    }
  })
})

/** A report as an American spreadsheet saves it: dates in its own way, long numbers without their end, no zeros at the end. */
const savedAgain = (seed: Seed): string => {
  const rewritten = (cell: string): string => {
    const [, year, month, day, time] = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d:\d\d)(?::\d\d(?:\.0+)?)?)?$/.exec(cell) ?? []
    const date = `${Number(month)}/${Number(day)}/${year}`
    if (year !== undefined) return time === undefined ? date : `${date} ${time.replace(/^0/, '')}`
    if (/^\d{12,}$/.test(cell))
      return Number(cell)
        .toExponential(5)
        .replace(/\.?0*e\+/, 'E+')
    return /^-?\d+\.\d+$/.test(cell) ? cell.replace(/\.?0+$/, '') : cell
  }
  const sheet = { ...seed, body: seed.body.map((cells) => cells.map(rewritten)) }
  return `\ufeff${write(sheet, { lineEnd: '\r\n' }).text}`
}
