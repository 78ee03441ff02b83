import { expect, test } from 'vitest'
import { oneLine, visible } from '../../../src/core/visible.ts'
import { textCell } from '../../../src/report/csv.ts'
import { decimal } from '../../../src/report/decimal.ts'
import { jsonText } from '../../../src/report/json/json-text.ts'
import { wrapped } from '../../../src/report/text/text-layout.ts'

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])(
  'a spreadsheet does not run %j: an apostrophe stands before it',
  (text) => {
    expect(textCell(text)).toBe(`"'${text}"`)
  },
)

test('quotes are doubled and line breaks kept inside a cell', () => {
  expect(textCell('a "b"\nc')).toBe('"a ""b""\nc"')
})

test.each(['12345678901234567890', '00123', '1E5', '10-12', '3/4'])(
  'the id %s stays as it is written, no number and no date',
  (id) => {
    expect(textCell(id)).toBe(`"'${id}"`)
  },
)

test('an ordinary id has no apostrophe', () => {
  expect(textCell('re_1A2b')).toBe('"re_1A2b"')
  expect(textCell('')).toBe('""')
})

test('amounts are numbers in the major unit: yen have none, dinars have three digits', () => {
  expect(decimal(-123450n, 'USD')).toBe('-1234.50')
  expect(decimal(500n, 'JPY')).toBe('500')
  expect(decimal(1234567n, 'KWD')).toBe('1234.567')
})

test('an amount above 2^53 is written to the last cent', () => {
  expect(jsonText({ amount: 9007199254740993n, list: [1, null, true, 'a"\u2028'] })).toBe(
    '{"amount":9007199254740993,"list":[1,null,true,"a\\"\u2028"]}',
  )
})

test('an id that holds terminal commands cannot rewrite the page', () => {
  expect(oneLine('re_\u001b[2J\u202e1\r\n')).toBe('re_\\u001b[2J\\u202e1\\u000d\\u000a')
  expect(visible('re_\u001b[2J\u202e1\r\n\r\t\u{e0001}')).toBe('re_\\u001b[2J\\u202e1\r\n\\u000d\t\\udb40\\udc01')
})

test('text is broken at spaces, and a long id is not cut', () => {
  expect(wrapped('one two re_1234567890 three', 9)).toEqual(['one two', 're_1234567890', 'three'])
})
