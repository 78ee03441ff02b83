/** Ways to damage or rewrite a report file, each with what must hold of its reading then. */

import { expect } from 'vitest'
import type { CanonicalRow, Format } from '../../src/processor/formats/format.ts'
import { columnKey } from '../../src/processor/read/columns.ts'
import { expectSound, moneyOf, rowsByRecord, sameReading, shown } from './report-oracles.ts'
import { type Outcome, type Reader, type Seed, type Sheet, write } from './report-seeds.ts'

/** Formats that make one row of several lines. */
const GROUPED: ReadonlySet<string> = new Set(['amazon-settlement-v2', 'checkout-financial-actions'])
/** Formats with records that are no movements of money: headers, totals and ends of sections. */
const ROW_TYPED: ReadonlySet<string> = new Set(['paypal-stl', 'paypal-trr'])

/** Formats of which a line may give two rows. */
const TWO_ROWED: ReadonlySet<string> = new Set(['toast-payment-details'])

/** Formats in which further lines say in what currency a refund was settled. */
const CONVERTED: ReadonlySet<string> = new Set(['paypal-stl', 'paypal-trr', 'paypal-activity'])

/** Whether a row's money hangs on the lines that convert it. */
const isConverted = (seed: Seed, { currency, presented_currency }: CanonicalRow): boolean =>
  CONVERTED.has(seed.format.name) && presented_currency !== null && presented_currency !== currency

export const isLineByLine = ({ name }: Format): boolean =>
  !GROUPED.has(name) && !ROW_TYPED.has(name) && !TWO_ROWED.has(name)

/** A cell of a file. */
export interface Place {
  seed: Seed
  record: number
  cell: number
}

/** What a mutation is made of: a cell, one whose amount is read (where the format has one), a free choice, two noises. */
interface Chosen extends Place {
  amount: Place | null
  choice: number
  noise: string
  number: string
}

export type Mutation = (reader: Reader, chosen: Chosen) => Promise<void>

type Reading = { outcome: Outcome; lines: number[] }

const readSheet = async (reader: Reader, seed: Seed, sheet: Sheet): Promise<Reading> => {
  const { text, lines } = write(sheet)
  return { outcome: await reader.read(seed.format, seed.context, text), lines }
}

const readWith = async (reader: Reader, { seed, record, cell }: Place, value: string): Promise<Reading> =>
  await readSheet(reader, seed, {
    ...seed,
    body: seed.body.map((cells, index) => (index === record ? cells.with(cell, value) : cells)),
  })

const foundAt = ({ seed, record, cell }: Place): string => seed.body[record]?.[cell] ?? ''

const asideAt = ({ unreadable, refused }: Outcome, line: number | undefined): boolean =>
  refused !== null || unreadable.some((record) => record.line === line)

const isRefund = ({ type }: CanonicalRow): boolean => type === 'refund' || type === 'refund_reversal'

/** Rows that a line between theirs cannot split or join: of grouped files only the refunds, whose lines may lie apart. */
const firm = (seed: Seed, rows: readonly CanonicalRow[]): CanonicalRow[] =>
  rows.filter((row) => isRefund(row) || !GROUPED.has(seed.format.name))

/** Rows of other records are as before or quarantined; one group or conversion at most may have changed; nothing is dropped. */
const expectOthersKept = (seed: Seed, touched: number, { outcome, lines }: Reading): void => {
  expectSound(outcome, lines)
  if (outcome.refused !== null) return
  const baseLines = write(seed).lines
  const before = rowsByRecord(seed.base, baseLines)
  const wasAside = new Set(seed.base.unreadable.map(({ line }) => baseLines.indexOf(line)))
  const after = rowsByRecord(outcome, lines)
  // noise in a header of a row-typed file may take an optional column from all its rows
  const told = isLineByLine(seed.format) || before.has(touched) ? shown : moneyOf
  const changed = firm(
    seed,
    [...after].flatMap(([record, row]) => {
      const base = before.get(record)
      // what was quarantined may become readable: some cells are judged by those before them
      return record !== touched && (base ? told(base) !== told(row) : !wasAside.has(record)) ? [row] : []
    }),
  ).map(shown)
  const isGrouped = GROUPED.has(seed.format.name)
  const most = isGrouped || CONVERTED.has(seed.format.name) ? 1 : 0
  expect(changed.length, changed.join('\n')).toBeLessThanOrEqual(most)
  if (isLineByLine(seed.format)) expect(outcome.rows.length + outcome.unreadable.length).toBe(lines.length)
  if (isGrouped || lines.length !== baseLines.length) return
  for (const record of before.keys()) expect(after.has(record) || asideAt(outcome, lines[record])).toBe(true)
}

const expectSameRows = (seed: Seed, outcome: Outcome): void => {
  expect(outcome.refused).toBeNull()
  expect(outcome.rows.map(shown)).toEqual(seed.base.rows.map(shown))
  expect(outcome.unreadable.length).toBe(seed.base.unreadable.length)
}

/**
 * Every row has the money of one that the sound file has: a group that lost a line must not be given out. A refund whose
 * conversion is lost stays in its own currency.
 */
const expectNoOtherMoney = (seed: Seed, { rows }: Outcome, why: string): void => {
  const before = seed.base.rows.map(moneyOf)
  const wasAside = new Set(seed.base.unreadable.map(({ line }) => line))
  const mayDiffer = new Set(seed.base.rows.filter((row) => isConverted(seed, row)).map(({ line }) => line))
  for (const row of firm(seed, rows)) {
    if (!wasAside.has(row.line) && !mayDiffer.has(row.line)) expect(before, why).toContain(moneyOf(row))
  }
}

/** Whether taking a record away changes the reading, or (where it adds nothing: an amount of 0) noise in it does. */
export const isMissed = async (reader: Reader, seed: Seed, record: number): Promise<boolean> => {
  const { outcome } = await readSheet(reader, seed, { ...seed, body: seed.body.toSpliced(record, 1) })
  if (!sameReading(outcome, seed.base)) return true
  for (let cell = 0; cell < (seed.body[record]?.length ?? 0); cell += 1) {
    const noisy = await readWith(reader, { seed, record, cell }, 'zzz')
    if (asideAt(noisy.outcome, noisy.lines[record])) return true
  }
  return false
}

const NUMBER = /^[-+\u2212($\u20ac\u00a3]*\d[\d.,]*\)?$/

/** Whether amounts are read from a cell: another number there changes them, or sets something aside. */
const isRead = async (reader: Reader, place: Place): Promise<boolean> => {
  const found = foundAt(place)
  if (!NUMBER.test(found)) return false
  const { outcome } = await readWith(reader, place, /,\d{1,2}$/.test(found) ? '7,77' : '7.77')
  return outcome.rows.map(moneyOf).join() !== place.seed.base.rows.map(moneyOf).join()
}

/** The cells of a file from which amounts are read, two a column at most: the others are read alike. */
export const amountPlaces = async (reader: Reader, seed: Seed): Promise<Place[]> => {
  const places: Place[] = []
  const widest = Math.max(...seed.body.map(({ length }) => length))
  for (let cell = 0; cell < widest; cell += 1) {
    const numbers = seed.body.flatMap((cells, record) =>
      NUMBER.test(cells[cell] ?? '') ? [{ seed, record, cell }] : [],
    )
    for (const place of new Set([numbers[0], numbers.at(-1)])) {
      if (place !== undefined && (await isRead(reader, place))) places.push(place)
    }
  }
  return places
}

const sheetOf = (seed: Seed, header: readonly string[], rest: (cells: readonly string[]) => string[]): Sheet => ({
  ...seed,
  header,
  body: seed.body.map(rest),
})

const amountsOf = ({ rows }: Outcome): bigint => rows.reduce((sum, { amount }) => sum + amount, 0n)

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'noise in a cell is quarantined, refused or does not matter': async (reader, { noise, ...place }) => {
    const reading = await readWith(reader, place, noise)
    expectOthersKept(place.seed, place.record, reading)
    const before = rowsByRecord(place.seed.base, reading.lines).get(place.record)
    const after = rowsByRecord(reading.outcome, reading.lines).get(place.record)
    if (before === undefined || after === undefined || before.amount === 0n || after.type === 'other') return
    // a fee that leaves its group by another id is a row of its own, and the amount stays in the group's
    const isKept = amountsOf(reading.outcome) === amountsOf(place.seed.base)
    expect(after.amount !== 0n || isKept || !reading.outcome.totalsHold, 'an amount became 0').toBe(true)
  },

  'an amount that is no number sets its record aside, and its group with it': async (reader, { amount, number }) => {
    if (amount === null) return
    const reading = await readWith(reader, amount, number)
    expectOthersKept(amount.seed, amount.record, reading)
    expectNoOtherMoney(amount.seed, reading.outcome, `'${number}' was read as an amount`)
    expect(asideAt(reading.outcome, reading.lines[amount.record]), `'${number}' was read as an amount`).toBe(true)
  },

  'an amount written in another way is the same amount, or quarantined': async (reader, { amount }) => {
    if (amount === null) return
    const found = foundAt(amount)
    const ways = [
      `  ${found} `,
      found.replace('-', '\u2212'),
      found.replace(/^(?=\d)/, '+'),
      found.replace(/([.,]\d{1,2})$/, '$10'),
      found.replace(/\.(\d\d)$/, ',$1'),
      found.replace(/,(\d\d)$/, '.$1'),
    ]
    for (const way of ways) {
      const { outcome } = await readWith(reader, amount, way)
      expectNoOtherMoney(amount.seed, outcome, `'${found}' written '${way}'`)
    }
  },

  'columns in another order and columns nobody knows change nothing': async (reader, { seed, choice }) => {
    const { header } = seed
    if (header === null || seed.body.some(({ length }) => length !== header.length)) return
    const places = header.map((_, index) => (header.length - 1 - index + choice) % header.length)
    const moved = (cells: readonly string[]): string[] => places.map((place) => cells[place] ?? '')
    const unknown = 'any "word"; of, it'
    const mixed = sheetOf(seed, [...moved(header), 'unknown column'], (cells) => [...moved(cells), unknown])
    expectSameRows(seed, (await readSheet(reader, seed, mixed)).outcome)
  },

  'a needed column that is missing or doubled refuses the file': async (reader, { seed, choice }) => {
    const { header } = seed
    const needed = seed.format.columns.filter(({ required }) => required)
    const name = needed[choice % needed.length]?.name ?? ''
    const place = header?.findIndex((each) => columnKey(each) === columnKey(name)) ?? -1
    if (header === null || place === -1) return
    const missing = sheetOf(seed, header.with(place, `not ${name}`), (cells) => [...cells])
    const doubled = sheetOf(seed, [...header, header[place] ?? ''], (cells) => [...cells, 'zzz'])
    // unless another column stands in for it, or it only tells the format
    for (const sheet of [missing, doubled]) {
      const { outcome } = await readSheet(reader, seed, sheet)
      if (outcome.refused === null) expectSameRows(seed, outcome)
    }
  },

  'a column that is gone changes no amount unseen': async (reader, { seed, choice }) => {
    const { header } = seed
    if (header === null) return
    const gone = sheetOf(seed, header.with(choice % header.length, 'gone'), (cells) => [...cells])
    const { outcome, lines } = await readSheet(reader, seed, gone)
    expectSound(outcome, lines)
    if (!outcome.totalsHold) return
    const key = ({ line, currency }: CanonicalRow): string => `${line} ${currency}`
    const size = ({ amount }: CanonicalRow): bigint => (amount < 0n ? -amount : amount)
    for (const row of firm(seed, outcome.rows)) {
      const before = seed.base.rows.filter((each) => key(each) === key(row)).map(size)
      // what moved no money may not say how much
      if (before.length > 0 && (row.type !== 'other' || row.amount !== 0n)) expect(before).toContain(size(row))
    }
  },

  'encodings, line ends and quotes change nothing': async (reader, { seed, choice }) => {
    const { text } = write(seed)
    const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le')
    const same = [`\ufeff${text}`, utf16, Buffer.from(utf16).swap16(), write(seed, { lineEnd: '\r\n' }).text]
    const content = [...same, write(seed, { quotes: true }).text][choice % 5] ?? ''
    expectSameRows(seed, await reader.read(seed.format, seed.context, content))
  },

  'bytes that are no text refuse the file': async (reader, { seed, choice }) => {
    const bytes = Buffer.from(write(seed).text)
    const at = 1 + (choice % bytes.length)
    const bad = Buffer.from([[0xe9, 0x20], [0], [0xff, 0xfe]][choice % 3] ?? [0])
    const content = Buffer.concat([bytes.subarray(0, at), bad, bytes.subarray(at)])
    expect((await reader.read(seed.format, seed.context, content)).refused).not.toBeNull()
  },

  'another separator gives the same rows, or refuses the file': async (reader, { seed, choice }) => {
    if (seed.header === null) return
    const delimiter = [',', ';', '\t', '|'].filter((each) => each !== seed.delimiter)[choice % 3] ?? ''
    const { outcome } = await readSheet(reader, seed, { ...seed, delimiter })
    if (seed.format.delimiters.includes(delimiter)) expectSameRows(seed, outcome)
    else expect(outcome.refused).not.toBeNull()
  },

  'a file cut off gives a beginning of its rows, or is refused': async (reader, { seed, choice }) => {
    const { text, lines } = write(seed)
    const outcome = await reader.read(seed.format, seed.context, text.slice(0, choice % text.length))
    if (outcome.refused !== null) return
    expectSound(outcome, lines)
    // what stands last may have lost a digit, or lines of its group: nobody can see it
    const last = Math.max(...[...outcome.rows, ...outcome.unreadable].map(({ line }) => line))
    const whole = outcome.rows.filter(({ line }) => line < last)
    if (!GROUPED.has(seed.format.name)) expectNoOtherMoney(seed, { ...outcome, rows: whole }, 'the file was cut off')
  },

  'a record of noise is quarantined or refused, and the others are kept': async (reader, { seed, record, choice }) => {
    const noise = choice % 2 === 0 ? ['zzz'] : Array.from({ length: seed.header?.length ?? 3 }, () => 'zzz')
    const body = seed.body.toSpliced(record, 0, noise)
    const { outcome, lines } = await readSheet(reader, seed, { ...seed, body })
    expectSound(outcome, lines)
    expect(asideAt(outcome, lines[record]), 'the noise was dropped').toBe(true)
    if (outcome.refused !== null) return
    expect(firm(seed, outcome.rows).map(shown)).toEqual(firm(seed, seed.base.rows).map(shown))
  },

  'a record with a cell too few or too many is quarantined or refused': async (reader, { seed, choice, ...place }) => {
    const cells = seed.body[place.record] ?? []
    const width = (seed.header?.findLastIndex((name) => name.trim() !== '') ?? -1) + 1
    if (cells.length !== width) return
    const fewer = choice % 3 === 0 ? cells.slice(0, -1) : cells.toSpliced(place.cell, 1)
    const wrong = choice % 3 === 1 ? [...cells.toSpliced(place.cell, 0, 'zzz'), 'zzz'] : fewer
    const reading = await readSheet(reader, seed, { ...seed, body: seed.body.with(place.record, wrong) })
    expectOthersKept(seed, place.record, reading)
    // what is missing may be read as empty, and nothing in another's place; of a summary the end may be missing
    const emptied = await readWith(reader, { seed, ...place, cell: choice % 3 === 0 ? width - 1 : place.cell }, '')
    const isHarmless =
      wrong === fewer && [seed.base, emptied.outcome].some((same) => sameReading(reading.outcome, same))
    const isAside = asideAt(reading.outcome, reading.lines[place.record])
    expect(isHarmless || isAside, 'the record was read all the same').toBe(true)
  },
}
