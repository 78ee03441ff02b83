import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FORMATS } from '../../src/processor/formats.ts'
import { columnKey } from '../../src/processor/record-reader.ts'
import { expectSound, moneyOf, rowsByRecord, sameReading, shown } from '../support/report-oracles.ts'
import { makeReader, type Outcome, type Reader, type Seed, type Sheet, write } from '../support/report-seeds.ts'

/** Formats whose records are not a row each: several lines of one refund, row types, lines that say nothing of money. */
const GROUPED: ReadonlySet<string> = new Set(['amazon-settlement-v2', 'checkout-financial-actions'])

let reader: Reader
beforeAll(async () => {
  reader = await makeReader()
})
afterAll(async () => await reader.remove())

interface Pick {
  seed: Seed
  record: number
  cell: number
  noise: string
  number: string
}

const readSheet = async (seed: Seed, sheet: Sheet): Promise<{ outcome: Outcome; lines: number[] }> => {
  const { text, lines } = write(sheet)
  return { outcome: await reader.read(seed.format, seed.context, text), lines }
}

const withCell = ({ seed, record, cell }: Pick, value: string): Sheet => ({
  ...seed,
  body: seed.body.map((cells, index) => (index === record ? cells.with(cell, value) : cells)),
})

/** Rows of other records are as before or set aside; one group at most may have changed; nothing is dropped. */
const expectOthersKept = (seed: Seed, touched: number, outcome: Outcome, lines: readonly number[]): void => {
  expectSound(outcome, lines)
  if (outcome.refused !== null) return
  const before = rowsByRecord(seed.base, write(seed).lines)
  const after = rowsByRecord(outcome, lines)
  const changed = [...after].filter(([record, row]) => {
    const base = before.get(record)
    return record !== touched && (base === undefined || shown(base) !== shown(row))
  })
  expect(changed.length, changed.map(([, row]) => shown(row)).join('\n')).toBeLessThanOrEqual(
    GROUPED.has(seed.format.name) ? 1 : 0,
  )
  if (!GROUPED.has(seed.format.name)) expect(outcome.rows.length + outcome.unreadable.length).toBe(lines.length)
}

const expectSameRows = (seed: Seed, outcome: Outcome): void => {
  expect(outcome.refused).toBeNull()
  expect(outcome.rows.map(shown)).toEqual(seed.base.rows.map(shown))
  expect(outcome.unreadable.length).toBe(seed.base.unreadable.length)
}

const NUMBER = /^[-+\u2212($\u20ac\u00a3]*\d[\d.,]*\)?$/

/** Whether the amounts of a row are read from a cell: they change with it, or the record is set aside. */
const isRead = async (pick: Pick): Promise<boolean> => {
  const found = pick.seed.body[pick.record]?.[pick.cell] ?? ''
  if (!NUMBER.test(found)) return false
  const comma = /,\d{1,2}$/.test(found)
  const { outcome } = await readSheet(pick.seed, withCell(pick, comma ? '7,77' : '7.77'))
  return outcome.rows.map(moneyOf).join() !== pick.seed.base.rows.map(moneyOf).join()
}

const asideAt = ({ unreadable, refused }: Outcome, line: number | undefined): boolean =>
  refused !== null || unreadable.some((record) => record.line === line)

const columnsOf = (seed: Seed, header: readonly string[], rest: (cells: readonly string[]) => string[]): Sheet => ({
  ...seed,
  header,
  body: seed.body.map(rest),
})

const MUTATIONS: Readonly<Record<string, (pick: Pick) => Promise<void>>> = {
  'noise in a cell is set aside, refused or does not matter': async (pick) => {
    const { seed, record } = pick
    const { outcome, lines } = await readSheet(seed, withCell(pick, pick.noise))
    expectOthersKept(seed, record, outcome, lines)
    const [before, after] = [seed.base, outcome].map((each) => rowsByRecord(each, lines).get(record))
    const isNothing = after?.amount === 0n && after.type !== 'other' && before?.amount !== 0n
    expect(before !== undefined && isNothing && outcome.totalsHold, 'an amount became 0').toBe(false)
  },
  'an amount that is no number sets its record aside': async (pick) => {
    if (!(await isRead(pick))) return
    const { outcome, lines } = await readSheet(pick.seed, withCell(pick, pick.number))
    expectOthersKept(pick.seed, pick.record, outcome, lines)
    expect(asideAt(outcome, lines[pick.record]), `'${pick.number}' was read as an amount`).toBe(true)
  },
  'an amount written in another way is the same amount, or set aside': async (pick) => {
    if (!(await isRead(pick))) return
    const found = pick.seed.body[pick.record]?.[pick.cell] ?? ''
    const before = pick.seed.base.rows.map(moneyOf)
    for (const written of [`  ${found} `, found.replace('-', '\u2212'), found.replace(/^(?=\d)/, '+'), `${found}0`]) {
      if (written.endsWith('00') && !/[.,]\d{1,2}0$/.test(written)) continue
      const { outcome } = await readSheet(pick.seed, withCell(pick, written))
      for (const row of outcome.rows) expect(before, `${found} written ${written}`).toContain(moneyOf(row))
    }
  },
  'columns in another order and columns nobody knows change nothing': async ({ seed, cell }) => {
    const { header } = seed
    if (header === null) return
    const places = header.map((_, index) => (header.length - 1 - index + cell) % header.length)
    const widest = Math.max(...seed.body.map(({ length }) => length))
    if (widest > header.length || seed.body.some(({ length }) => length < header.length)) return
    const moved = (cells: readonly string[]): string[] => places.map((place) => cells[place] ?? '')
    const mixed = columnsOf(seed, [...moved(header), 'unknown column'], (cells) => [
      ...moved(cells),
      'any "word"; of, it',
    ])
    expectSameRows(seed, (await readSheet(seed, mixed)).outcome)
  },
  'a needed column that is missing or doubled refuses the file': async ({ seed, cell }) => {
    const { header } = seed
    const needed = seed.format.columns.filter(({ required }) => required)
    const name = needed[cell % needed.length]?.name ?? ''
    const place = header?.findIndex((each) => columnKey(each) === columnKey(name)) ?? -1
    if (header === null || place === -1) return
    const renamed = columnsOf(seed, header.with(place, `not ${name}`), (cells) => [...cells])
    const doubled = columnsOf(seed, [...header, header[place] ?? ''], (cells) => [...cells, cells[place] ?? ''])
    expect((await readSheet(seed, renamed)).outcome.refused).not.toBeNull()
    expect((await readSheet(seed, doubled)).outcome.refused).not.toBeNull()
  },
  'a column that is not needed and gone changes no amount unseen': async ({ seed, cell }) => {
    const { header } = seed
    if (header === null) return
    const place = cell % header.length
    const { outcome, lines } = await readSheet(
      seed,
      columnsOf(seed, header.with(place, 'gone'), (cells) => [...cells]),
    )
    expectSound(outcome, lines)
    const before = seed.base.rows.map(({ line, amount }) => `${line} ${amount}`)
    if (outcome.totalsHold) for (const row of outcome.rows) expect(before).toContain(`${row.line} ${row.amount}`)
  },
  'encodings, line ends and quotes change nothing': async ({ seed, cell }) => {
    const { text } = write(seed)
    const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le')
    const same = [`\ufeff${text}`, utf16, Buffer.from(utf16).swap16(), write(seed, { lineEnd: '\r\n' }).text]
    const content = [...same, write(seed, { quotes: true }).text][cell % 5] ?? ''
    expectSameRows(seed, await reader.read(seed.format, seed.context, content))
  },
  'bytes that are no text refuse the file': async ({ seed, record, cell }) => {
    const bytes = Buffer.from(write(seed).text)
    const at = (record * 131 + cell * 17) % bytes.length
    const bad = Buffer.from([[0xe9, 0x20], [0], [0xff, 0xfe]][cell % 3] ?? [0])
    const content = Buffer.concat([bytes.subarray(0, at), bad, bytes.subarray(at)])
    const outcome = await reader.read(seed.format, seed.context, content)
    if (at > 0) expect(outcome.refused).not.toBeNull()
  },
  'another separator gives the same rows where the format takes it, else the file is refused': async ({
    seed,
    cell,
  }) => {
    if (seed.header === null) return
    const delimiter = [',', ';', '\t', '|'].filter((each) => each !== seed.delimiter)[cell % 3] ?? ''
    const { outcome } = await readSheet(seed, { ...seed, delimiter })
    if (seed.format.delimiters.includes(delimiter)) expectSameRows(seed, outcome)
    else expect(outcome.refused).not.toBeNull()
  },
  'a file cut off gives a beginning of its rows, or is refused': async ({ seed, record, cell }) => {
    const { text, lines } = write(seed)
    const outcome = await reader.read(
      seed.format,
      seed.context,
      text.slice(0, (record * 997 + cell * 61) % text.length),
    )
    if (outcome.refused !== null) return
    const last = Math.max(...outcome.rows.map(({ line }) => line), ...outcome.unreadable.map(({ line }) => line))
    expectSound(outcome, lines)
    if (GROUPED.has(seed.format.name)) return
    const before = seed.base.rows.map(moneyOf)
    for (const row of outcome.rows) if (row.line < last) expect(before).toContain(moneyOf(row))
  },
  'a record of noise is set aside or refused, and the others are kept': async ({ seed, record, cell }) => {
    const width = seed.header?.length ?? 3
    const cells = cell % 2 === 0 ? ['zzz'] : Array.from({ length: width }, () => 'zzz')
    const { outcome, lines } = await readSheet(seed, { ...seed, body: seed.body.toSpliced(record, 0, cells) })
    expectSound(outcome, lines)
    expect(asideAt(outcome, lines[record]), 'the noise was dropped').toBe(true)
    if (outcome.refused === null) expect(outcome.rows.map(shown)).toEqual(seed.base.rows.map(shown))
  },
  'a record with a cell too few or too many is set aside or refused': async ({ seed, record, cell }) => {
    const cells = seed.body[record] ?? []
    const width = seed.header?.findLastIndex((name) => name.trim() !== '') ?? -1
    if (cells.length !== width + 1) return
    const place = cell % cells.length
    const wrong = cell % 2 === 0 ? cells.toSpliced(place, 1) : [...cells.toSpliced(place, 0, 'zzz'), 'zzz']
    const { outcome, lines } = await readSheet(seed, { ...seed, body: seed.body.with(record, wrong) })
    expectOthersKept(seed, record, outcome, lines)
    expect(asideAt(outcome, lines[record]), 'the record was read all the same').toBe(true)
  },
}

const SIGNIFICANT = fc.constantFrom(
  ...['abc', '12..3', '1e5', 'NaN', '--5', '0x1F', '\u221e', '1.2.3.4', '1_000', '\u0663'],
)
const NOISE = fc.oneof(
  SIGNIFICANT,
  fc.constantFrom('', ' ', 'null', '2026-02-30', '9'.repeat(60), '"', '-'),
  fc.string(),
)

describe.each(FORMATS.map((format) => ({ name: format.name, format })))('$name', ({ format }) => {
  let seeds: Seed[] = []
  beforeAll(async () => {
    seeds = await reader.seeds(format)
  })

  test('no record of its files can go missing unnoticed', async () => {
    expect(seeds.length).toBeGreaterThan(0)
    for (const seed of seeds) {
      const { rows, unreadable } = seed.base
      expectSound(seed.base, write(seed).lines)
      if (!GROUPED.has(format.name)) expect(rows.length + unreadable.length, seed.name).toBe(seed.body.length)
      for (let record = 0; record < seed.body.length; record += 1) {
        const { outcome } = await readSheet(seed, { ...seed, body: seed.body.toSpliced(record, 1) })
        expect(sameReading(outcome, seed.base), `${seed.name}: record ${record + 1}`).toBe(false)
      }
    }
  })

  test('what is read of mutated files is right, all else is set aside or refused', async () => {
    const pick = fc.record({
      kind: fc.constantFrom(...Object.keys(MUTATIONS)),
      seed: fc.nat(),
      record: fc.nat(),
      cell: fc.nat(),
      noise: NOISE,
      number: SIGNIFICANT,
    })
    await fc.assert(
      fc.asyncProperty(pick, async ({ kind, seed: which, record, cell, ...rest }) => {
        const seed = seeds[which % seeds.length]
        const cells = seed?.body[record % seed.body.length]
        if (seed === undefined || cells === undefined) return
        const place = { record: record % seed.body.length, cell: cell % cells.length }
        await MUTATIONS[kind]?.({ seed, ...place, ...rest }).catch((problem: unknown) => {
          throw new Error(`${seed.name}, record ${place.record + 1}, cell ${place.cell + 1}: ${kind}`, {
            cause: problem,
          })
        })
      }),
      { numRuns: Number(process.env['TIEOUT_MUTATIONS'] ?? 200) },
    )
  })
})
