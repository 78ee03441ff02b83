import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { CsvRecord } from '../../../src/processor/formats/format.ts'
import { openCsv } from '../../../src/processor/read/csv-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'tieout-csv-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let made = 0
const fileOf = (content: Buffer | string): string => {
  made += 1
  const path = join(folder, `${made}.csv`)
  writeFileSync(path, content)
  return path
}

interface Read {
  records: CsvRecord[]
  endsOpen: boolean
  sha256: string
  bytes: number
}

const read = async (content: Buffer | string, delimiter = ','): Promise<Read> => {
  const file = await openCsv(fileOf(content))
  try {
    const records: CsvRecord[] = []
    for await (const some of file.records(delimiter)) records.push(...some)
    return { records, endsOpen: file.endsOpen(), ...file.fingerprint() }
  } finally {
    await file.close()
  }
}

const cellsOf = async (content: Buffer | string, delimiter = ','): Promise<string[][]> =>
  (await read(content, delimiter)).records.map(({ cells }) => cells)

describe('records', () => {
  test('have their cells and the number of their first physical line', async () => {
    const { records } = await read('a,b\n1,"two\nlines"\n\n , \n3,"x\r\ny ""z"""\r\n4,\n')
    expect(records).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1', 'two\nlines'] },
      { line: 6, cells: ['3', 'x\r\ny "z"'] },
      { line: 8, cells: ['4', ''] },
    ])
  })

  test('may be ragged, have quotes within a cell, and quotes that follow no rule', async () => {
    expect(await cellsOf('a\n1,2,3\n5" pipe,x\n"a"b,"c" ,d\n"",""\n')).toEqual([
      ['a'],
      ['1', '2', '3'],
      ['5" pipe', 'x'],
      ['"a"b', '"c" ', 'd'],
      ['', ''],
    ])
  })

  test('are cut at semicolons and tabs, after a line that tells Excel so', async () => {
    expect(await cellsOf('sep=;\na;b\n"x;y";2,5\n', ';')).toEqual([
      ['a', 'b'],
      ['x;y', '2,5'],
    ])
    expect(await cellsOf('a\tb\n1\t"2\t3"\n', '\t')).toEqual([
      ['a', 'b'],
      ['1', '2\t3'],
    ])
  })

  test('are the same with line ends of Windows and of old Macs, and without the last one', async () => {
    for (const text of ['a,b\n1,2\n', 'a,b\r\n1,2\r\n', 'a,b\r1,2\r', 'a,b\n1,2', 'a,b\r\n"1","2"']) {
      expect(await cellsOf(text)).toEqual([
        ['a', 'b'],
        ['1', '2'],
      ])
    }
    expect((await read('a\n1')).endsOpen).toBe(true)
    expect((await read('a\n1\n')).endsOpen).toBe(false)
  })

  test('are the same in UTF-8 with and without BOM, in UTF-16 of both kinds, and packed', async () => {
    const text = 'name,ü\n返金,"ñ\n€"\n😀,x\n'
    const little = Buffer.from(`\ufeff${text}`, 'utf16le')
    const big = Buffer.from(little).swap16()
    const expected = [
      ['name', 'ü'],
      ['返金', 'ñ\n€'],
      ['😀', 'x'],
    ]
    for (const bytes of [text, `\ufeff${text}`, little, big, gzipSync(text), gzipSync(little)]) {
      expect(await cellsOf(bytes)).toEqual(expected)
    }
  })

  test('are as csv-parse reads them, wherever the blocks of the file end', async () => {
    const cell = fc.oneof(
      fc.constantFrom('', 'a', ' ', '-12.34', 'x"y', 'ü', '返'),
      fc.string({ maxLength: 6, unit: fc.constantFrom('"', ',', '\n', '\r\n', 'a', ' ', ';', 'é', '\\') }),
    )
    const quoted = (text: string): string =>
      text.startsWith('"') || /[,\n\r]/.test(text) || text.length % 2 === 1 ? `"${text.replaceAll('"', '""')}"` : text
    const record = fc.array(cell.map(quoted), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 30 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.constantFrom(0, 65_500, 65_530),
        async (rows, lineEnd, last, padding) => {
          const head = padding === 0 ? 'h' : `h,${'x'.repeat(padding)}`
          const text = [head, ...rows.map((cells) => cells.join(','))].join(lineEnd) + (last ? lineEnd : '')
          const expected: string[][] = parse(text, {
            relax_column_count: true,
            relax_quotes: true,
            record_delimiter: lineEnd,
          })
          const filled = expected.filter((cells) => cells.some((found) => found.trim() !== ''))
          expect((await cellsOf(text)).filter((cells) => cells.some((found) => found.trim() !== ''))).toEqual(filled)
        },
      ),
      { numRuns: 150, seed: 20261031 },
    )
  })

  test('have their right line after a hundred thousand others', async () => {
    const lines = Array.from({ length: 100_000 }, (_, n) => (n % 3 === 0 ? `${n},"a\nb"` : `${n},b`))
    const { records } = await read(`${lines.join('\n')}\n`)
    expect(records).toHaveLength(100_000)
    expect(records[99_999]).toEqual({ line: 99_999 + 33_333 + 1, cells: ['99999', 'a\nb'] })
    expect(records[50_000]).toEqual({ line: 50_000 + 16_667 + 1, cells: ['50000', 'b'] })
  })
})

test('packages one after the other are one file, wherever a block of the file ends', async () => {
  const two = Buffer.concat([gzipSync('a,b\n1,2\n'), gzipSync('3,4\n')])
  expect(await cellsOf(two)).toEqual([
    ['a', 'b'],
    ['1', '2'],
    ['3', '4'],
  ])
  expect((await cellsOf(Buffer.concat([stored(262_144), gzipSync('3,4\n')]))).at(-1)).toEqual(['3', '4'])
})

describe('the head', () => {
  test('is the first 20 records, as any delimiter cuts them, and all records are read afterwards', async () => {
    const text = `${Array.from({ length: 50 }, (_, n) => `${n};"x,y"`).join('\n')}\n`
    const file = await openCsv(fileOf(text))
    expect(file.head(';')).toHaveLength(20)
    expect(file.head(';')[1]).toEqual({ line: 2, cells: ['1', 'x,y'] })
    expect(file.head(',')[1]?.cells).toEqual(['1;"x', 'y"'])
    let count = 0
    for await (const records of file.records(';')) count += records.length
    expect(count).toBe(50)
    await file.close()
  })
})

describe('the fingerprint', () => {
  test('is the sha256 of the bytes as they lie there, packed or not', async () => {
    const { sha256, bytes } = await read('a,b\n1,2\n')
    expect(sha256).toBe('492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470')
    expect(bytes).toBe(8)
    expect((await read(gzipSync('a,b\n1,2\n'))).sha256).not.toBe(sha256)
  })
})

/** A package of so many bytes, its content not compressed. */
const stored = (bytes: number): Buffer => {
  for (let size = bytes - 64; size < bytes; size += 1) {
    const packed = gzipSync(`a,b\n${'1,2\n'.repeat(size).slice(0, size - 5)}\n`, { level: 0 })
    if (packed.length === bytes) return packed
  }
  throw new Error(`no package has ${bytes} bytes`)
}

describe('a file that cannot be read', () => {
  test.each<[string, Buffer | string, string]>([
    ['a zero byte', 'a,b\n1,\u0000\n', 'is not a text file: a zero byte at byte 6, line 2'],
    ['no UTF-8', Buffer.from('a,b\n1,2\n3,\xe9t\xe9\n', 'latin1'), 'is not UTF-8 text: byte 10 (0xe9), line 3'],
    [
      'a character cut in two at its end',
      Buffer.from('a,é').subarray(0, 3),
      'is not UTF-8 text: byte 2 (0xc3), line 1',
    ],
    [
      'UTF-16 cut in two at its end',
      Buffer.from('\ufeffa,b\nc', 'utf16le').subarray(0, 11),
      'begins as UTF-16LE but cannot be decoded',
    ],
    ['a quote never closed', 'a,b\n1,"x\ny,z\n', 'line 2: a quote opens in this record and is never closed'],
    [
      'a line of two million characters',
      `a,b\n1,2\n${'y'.repeat(2_000_000)}\n3,4\n`,
      'line 3: a record of more than 1048576 characters',
    ],
    [
      'a quoted cell of two million characters',
      `a,b\n1,2\n"${'y\n'.repeat(1_000_000)}",4\n`,
      'line 3: a record of more than 1048576 characters',
    ],
    ['nothing at all', '', 'is empty (0 bytes)'],
    ['nothing once it is unpacked', gzipSync(''), 'is empty once unpacked'],
    [
      'a damaged package',
      Buffer.concat([gzipSync('a,b\n').subarray(0, 12), Buffer.from('damage')]),
      'cannot be unpacked to its end',
    ],
    [
      'a zero byte between two packages',
      Buffer.concat([gzipSync('a,b\n1,2\n'), Buffer.from([0]), gzipSync('3,4\n')]),
      'is a gzip file with something else behind byte',
    ],
    [
      'a zero byte after a block of 262,144 packed bytes',
      Buffer.concat([stored(262_144), Buffer.from([0]), gzipSync('3,4\n')]),
      'behind byte 262144, where it ends',
    ],
    [
      'zero bytes behind a package',
      Buffer.concat([gzipSync('a,b\n'), Buffer.alloc(512)]),
      'something else behind byte',
    ],
    [
      'words behind a package',
      Buffer.concat([gzipSync('a,b\n'), Buffer.from('words')]),
      'cannot be unpacked to its end',
    ],
    ['a PDF', '%PDF-1.7\n', 'is not a text file but a PDF document'],
  ])('%s', async (_what, content, message) => {
    await expect(read(content)).rejects.toThrow(message)
  })
})
