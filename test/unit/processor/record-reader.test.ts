import { describe, expect, test } from 'vitest'
import { amountReader } from '../../../src/processor/fields/amount-reader.ts'
import { dayReader, readTime, timeReader } from '../../../src/processor/fields/record-time.ts'
import { bindColumns, columnKey } from '../../../src/processor/read/columns.ts'
import { quote, quoteWord } from '../../../src/processor/read/quote.ts'
import { amountMoved, derivedIds, distinct, fees } from '../../../src/processor/read/record-reader.ts'

const column = { name: 'amount', index: 0 }

describe('columns', () => {
  test('are found by name without BOM, spaces of any kind and case', () => {
    expect(columnKey('\ufeff Transaction\u00a0 \tDebit or  Credit ')).toBe('transaction debit or credit')
    const columns = bindColumns({ cells: ['\ufeffId', ' Gross\u00a0Amount ', ''], line: 1 }, 'a.csv', 'test')
    expect(columns.need('id')).toEqual({ name: 'Id', index: 0 })
    expect(columns.need('nothing', 'GROSS AMOUNT').index).toBe(1)
    expect(columns.find('fee')).toBeNull()
    expect(columns.width).toBe(2)
  })

  test('show only what was asked for', () => {
    const columns = bindColumns({ cells: ['id', 'customer', 'amount', 'note'], line: 1 }, 'a.csv', 'test')
    columns.need('amount')
    columns.need('id')
    expect(columns.raw(['1', 'Ann Example', 'a, "b"', 'x'])).toBe('id=1,amount="a, ""b"""')
    expect(columns.firstUnread()).toBe(1)
  })

  test('of one name and two spellings: the exact one is meant', () => {
    const columns = bindColumns({ cells: ['meta[A]', 'meta[a]', 'Meta[a]'], line: 3 }, 'a.csv', 'test')
    expect(columns.need('meta[a]').index).toBe(1)
    expect(() => columns.need('META[a]')).toThrow(
      "a.csv, line 3: the header has the column 'META[a]' 3 times, and test reads it",
    )
    expect(() => columns.need('fee')).toThrow(
      "a.csv, line 3: the column 'fee' is missing, which test needs; found: meta[A], meta[a], Meta[a]",
    )
  })
})

describe('amounts', () => {
  const reading = (groups: boolean, ...cells: [string, string][]): (bigint | string)[] => {
    const read = amountReader('a.csv', { groups })
    return cells.map(([cell, currency], index) => {
      try {
        return read([cell], column, currency, index + 2)
      } catch (problem) {
        return problem instanceof Error ? problem.message : String(problem)
      }
    })
  }

  test.each<[string, [string, string][], (bigint | string)[]]>([
    [
      'points',
      [
        ['1.5', 'USD'],
        ['-12.34', 'USD'],
        ['+7', 'USD'],
        ['0.00', 'USD'],
        ['1,234.50', 'USD'],
        ['1234', 'JPY'],
      ],
      [150n, -1234n, 700n, 0n, 123450n, 1234n],
    ],
    [
      'commas',
      [
        ['1,5', 'EUR'],
        ['-12,34', 'EUR'],
        ['1.234,50', 'EUR'],
        ['1.234', 'EUR'],
        ['\u22125,00', 'EUR'],
      ],
      [150n, -1234n, 123450n, 123400n, -500n],
    ],
    [
      'long ones',
      [
        ['0.10', 'USD'],
        ['12345678901234.56', 'USD'],
        ['-92233720368547758.07', 'USD'],
      ],
      [10n, 1234567890123456n, -9223372036854775807n],
    ],
    [
      'dinars',
      [
        ['1.234', 'KWD'],
        ['0.050', 'KWD'],
        ['12.5', 'KWD'],
      ],
      [1234n, 50n, 12500n],
    ],
  ])('are read with %s', (_what, cells, expected) => {
    expect(reading(true, ...cells)).toEqual(expected)
  })

  test.each(['', '-', '.', '1.2.3', '12.345', '1e3', '0x1', ' ', '12.3 4', '--1', '1-', '$1', '9'.repeat(60)])(
    '%j is none in USD',
    (cell) => {
      expect(reading(false, ['0.01', 'USD'], [cell, 'USD'])[1]).toContain('expected an amount in USD such as -12.34')
    },
  )

  test('a third way to write them is quarantined', () => {
    expect(reading(false, ['1.50', 'USD'], ['1,50', 'USD'])[1]).toBe(
      "amount is '1,50', expected '.' before the decimals as in line 2: the file mixes two ways to write amounts",
    )
  })
})

describe('signs', () => {
  test('a cost is a refund fee, what is given back a returned fee; on a reversal both are undone', () => {
    expect(fees('refund', 30n)).toEqual({ refund_fee: 30n, returned_fee: 0n })
    expect(fees('vendor_refund', -30n)).toEqual({ refund_fee: 0n, returned_fee: 30n })
    expect(fees('refund_reversal', 30n)).toEqual({ refund_fee: 0n, returned_fee: -30n })
    expect(fees('refund_reversal', -30n)).toEqual({ refund_fee: -30n, returned_fee: 0n })
    expect(fees('chargeback', 1500n)).toEqual({ refund_fee: 1500n, returned_fee: 0n })
    expect(fees('chargeback_reversal', -1500n)).toEqual({ refund_fee: -1500n, returned_fee: 0n })
  })

  test('a refund moves money out, a reversal in; others are as they stand', () => {
    expect(amountMoved('refund', -500n, '-5')).toBe(500n)
    expect(amountMoved('refund_reversal', 500n, '5')).toBe(-500n)
    expect(amountMoved('chargeback', -500n, '-5')).toBe(500n)
    expect(amountMoved('chargeback_reversal', 500n, '5')).toBe(-500n)
    expect(amountMoved('payment', 500n, '5')).toBe(500n)
    expect(amountMoved('other', -500n, '-5')).toBe(-500n)
    expect(() => amountMoved('vendor_refund', 500n, '5')).toThrow('expected money that goes out, with the other sign')
  })
})

describe('ids', () => {
  test('are kept once each, without empty ones', () => {
    expect(distinct('a', '', 'b', 'a')).toEqual(['a', 'b'])
  })

  test('are made of what a line says and its ordinal among those that say the same', () => {
    const id = derivedIds({ distinctFile: null })
    const [first, second, other] = [id(['a', 'b']), id(['a', 'b']), id(['a,b', ''])]
    expect([first, second].map((each) => each.slice(-2))).toEqual([':1', ':2'])
    expect(first.slice(0, -1)).toBe(second.slice(0, -1))
    expect(other.slice(0, -1)).not.toBe(first.slice(0, -1))
    expect(derivedIds({ distinctFile: null })(['a', 'b'])).toBe(first)
  })

  test('of files that never overlap are of their file: the same line of another one has another id', () => {
    const [own, again, other] = ['f1', 'f1', 'f2'].map((distinctFile) => derivedIds({ distinctFile })(['a', 'b']))
    expect(own).toBe(again)
    expect(own).not.toBe(other)
    expect(own).not.toBe(derivedIds({ distinctFile: null })(['a', 'b']))
  })
})

describe('what a reason quotes', () => {
  test.each([
    ['', 'empty'],
    ['12;34.x', "'12;34.x'"],
    ['31 Oct 2026, 3 p.m.', "'31 Oct 2026, 3 p.m.'"],
    ['September 31, 2026', "'September 31, 2026'"],
    ['€ 12,3', "'€ 12,3'"],
    ['Ann Example', 'a text of 11 characters'],
    ['12 Elm Street', 'a text of 13 characters'],
    ['ann@example.com', 'a text of 15 characters'],
    ['Žofie', 'a text of 5 characters'],
    ['Mayer', 'a text of 5 characters'],
  ])('of %j where an amount or a date was expected: %s', (cell, expected) => {
    expect(quote(cell)).toBe(expected)
  })

  test('is the word itself where one of a few was expected', () => {
    expect(quoteWord('Doubtful')).toBe("'Doubtful'")
  })
})

describe('times', () => {
  test.each<[string, string, string, { occurred_at: string | null; occurred_on: string } | null]>([
    ['2026-10-31 23:59:59', 'UTC', 'UTC', { occurred_at: '2026-10-31T23:59:59Z', occurred_on: '2026-10-31' }],
    [
      '2026-11-01T03:59:59',
      'UTC',
      'America/New_York',
      { occurred_at: '2026-11-01T03:59:59Z', occurred_on: '2026-10-31' },
    ],
    ['2026-11-01 03:59', 'UTC', 'America/New_York', { occurred_at: '2026-11-01T03:59:00Z', occurred_on: '2026-10-31' }],
    ['2026-10-31 23:59:59.250', 'UTC', 'UTC', { occurred_at: '2026-10-31T23:59:59.25Z', occurred_on: '2026-10-31' }],
    [
      '2026-10-31 23:59:59',
      'America/New_York',
      'UTC',
      { occurred_at: '2026-11-01T03:59:59Z', occurred_on: '2026-11-01' },
    ],
    [
      '2026-10-31 23:59:59.5 -0700',
      'America/New_York',
      'UTC',
      { occurred_at: '2026-11-01T06:59:59.5Z', occurred_on: '2026-11-01' },
    ],
    [
      '2026-10-31T23:59:59Z',
      'America/New_York',
      'UTC',
      { occurred_at: '2026-10-31T23:59:59Z', occurred_on: '2026-10-31' },
    ],
    ['2026-10-31', 'America/New_York', 'Asia/Tokyo', { occurred_at: null, occurred_on: '2026-10-31' }],
    ['2026-02-29 00:00:00', 'UTC', 'UTC', null],
    ['2028-02-29 00:00:00', 'UTC', 'UTC', { occurred_at: '2028-02-29T00:00:00Z', occurred_on: '2028-02-29' }],
    ['2026-10-31 24:00:00', 'UTC', 'UTC', null],
    ['2026-10-31 23:60:00', 'UTC', 'UTC', null],
    ['2026-10-31 23-59-59', 'UTC', 'UTC', null],
    ['31/10/2026 23:59', 'UTC', 'UTC', null],
    ['none-10-31 23:59:59', 'UTC', 'UTC', null],
    ['', 'UTC', 'UTC', null],
  ])('%s in %s is, in %s, %j', (cell, fileZone, businessZone, expected) => {
    expect(readTime(cell, businessZone, fileZone)).toEqual(expected)
  })

  test('the same time twice, and another of the same day, are read right', () => {
    const read = timeReader('Asia/Tokyo', 'UTC')
    const days = ['2026-10-31 14:59:59', '2026-10-31 14:59:59', '2026-10-31 15:00:00', '2026-10-30 15:00:00']
    expect(days.map((cell) => read([cell], column).occurred_on)).toEqual([
      '2026-10-31',
      '2026-10-31',
      '2026-11-01',
      '2026-10-31',
    ])
    expect(() => read(['soon'], column)).toThrow(
      'amount is a text of 4 characters, expected a date and time such as 2026-10-31 23:59:59',
    )
  })

  test('a day written as midnight is that day; none is none', () => {
    const read = dayReader('America/New_York', 'UTC')
    expect(read(['2026-11-02 00:00:00'], column)).toBe('2026-11-02')
    expect(read(['2026-11-02 00:00'], column)).toBe('2026-11-02')
    expect(read(['2026-11-02 03:00:00'], column)).toBe('2026-11-01')
    expect(read([''], column)).toBeNull()
    expect(read(['x'], null)).toBeNull()
  })
})
