import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BrokenListing, createElementSplitter } from '../../../src/ledger/layer-api/json-elements.ts'

const LIMITS = { element_bytes: 1000, around_bytes: 500 }

/** Splits a body that arrives in pieces of this many bytes. */
function split(body: string | Buffer, piece = 7) {
  const bytes = Buffer.from(body)
  const splitter = createElementSplitter(LIMITS)
  const texts: string[] = []
  const offsets: number[] = []
  for (let at = 0; at < bytes.length; at += piece) {
    const found = splitter.push(bytes.subarray(at, at + piece))
    texts.push(...found.contents.map(String))
    offsets.push(...found.offsets)
  }
  return { texts, offsets, ...splitter.end() }
}

const broken = (body: string | Buffer, piece?: number): string => {
  try {
    split(body, piece)
  } catch (error) {
    if (error instanceof BrokenListing) return error.message
    throw error
  }
  return 'nothing wrong'
}

describe('a listing split into its refunds', () => {
  test('a bare array gives each refund as its own text, with the byte at which it begins', () => {
    const found = split('[\n{"id":"r1"},\n {"id":"r2","payments":[{"id":"p"}]} ]\n')
    expect(found).toEqual({
      texts: ['{"id":"r1"}', '{"id":"r2","payments":[{"id":"p"}]}'],
      offsets: [2, 16],
      shape: 'array',
      listed: true,
      elements: 2,
      around: [],
    })
  })

  test('an envelope may have its keys in any order', () => {
    const page = { pagination: { cursor: 'next]}', has_more: true } }
    for (const body of [
      `{"data":[{"id":"r1"}],"meta":${JSON.stringify(page)}}`,
      `{"meta":${JSON.stringify(page)}, "data" : [ {"id":"r1"} ] }`,
      `{"data":[{"id":"r1"}],"n":-1.5e3,"t":"a\\"b]","b":true,"z":null,"meta":${JSON.stringify(page)}}`,
    ]) {
      const found = split(body)
      expect(found.texts).toEqual(['{"id":"r1"}'])
      expect(found).toMatchObject({ shape: 'envelope', listed: true, elements: 1, around: { data: [], meta: page } })
    }
  })

  test('brackets, quotes and backslashes inside texts end nothing, wherever the pieces are cut', () => {
    const refunds = [
      { memo: 'a "quoted" ] } , [ { \\ \\\\" text' },
      { memo: 'Rückerstattung 返金 🧾' },
      {},
      { a: [[{}]] },
    ]
    const body = JSON.stringify(refunds, null, 1)
    for (let piece = 1; piece <= 12; piece++) {
      expect(split(body, piece).texts.map((text) => JSON.parse(text))).toEqual(refunds)
    }
  })

  test('what is no refund is handed on as it stands', () => {
    expect(split('[1, -2.5e7,"text [",null ,true,[{}]]').texts).toEqual([
      '1',
      '-2.5e7',
      '"text ["',
      'null',
      'true',
      '[{}]',
    ])
  })

  test('an empty listing, bare or in an envelope, has no refunds', () => {
    expect(split(' [ ] ')).toMatchObject({ texts: [], listed: true, elements: 0 })
    expect(split('{"data":[]}')).toMatchObject({ texts: [], listed: true, around: { data: [] } })
    expect(split('\ufeff[]')).toMatchObject({ texts: [], shape: 'array' })
  })

  test('an envelope without a list says so', () => {
    expect(split('{"errors":[{"type":"AuthFailure"}]}')).toMatchObject({
      listed: false,
      around: { errors: [{ type: 'AuthFailure' }] },
    })
    expect(split('{"data":{"id":"r1"}}')).toMatchObject({ listed: false, around: { data: { id: 'r1' } } })
    expect(split('{"data":null}')).toMatchObject({ listed: false, around: { data: null } })
  })

  test('a body that ends anywhere before its end is cut off', () => {
    const body = '{"data":[{"id":"r1"},{"id":"r2"}],"meta":{"pagination":{"has_more":false}}}'
    for (let bytes = 0; bytes < body.length; bytes++) {
      expect(broken(body.slice(0, bytes))).toContain('the answer ends in the middle')
    }
    expect(broken(body)).toBe('nothing wrong')
  })

  test.each([
    ['[{"id":"r1"}] x', 'byte 14 of the answer (after 1 refunds): something follows the end'],
    ['[{}][{}]', 'byte 4 of the answer (after 1 refunds): something follows the end'],
    ['"refunds"', 'byte 0 of the answer (after 0 refunds): expected a list or {"data": [...]}'],
    ['<html>', 'expected a list or {"data": [...]}'],
    ['[{} {}]', 'byte 4 of the answer (after 1 refunds): expected a comma'],
    ['[,{}]', 'byte 1 of the answer (after 0 refunds): expected a refund'],
    ['[{},]', 'byte 4 of the answer (after 1 refunds): expected a refund'],
    ['{"data":[{}],"data":[{}]}', '"data" stands twice'],
    ['{data:[]}', 'expected a key of the envelope'],
    ['{"data":[],,}', 'what stands around the refunds is not JSON'],
    ['{"data" []}', 'what stands around the refunds is not JSON'],
    ['{"meta":nonsense,"data":[]}', 'what stands around the refunds is not JSON'],
    [`{"meta":"${'x'.repeat(2000)}","data":[]}`, 'more than 500 bytes stand beside the list'],
    [`[${'['.repeat(600)}${']'.repeat(600)}]`, 'brackets are nested deeper than 500'],
  ])('%s is refused with the byte at which it goes wrong', (body, message) => {
    expect(broken(body)).toContain(message)
  })

  test.each([1, 7, 400, 1500, 10_000])(
    'a refund larger than is allowed gives its beginning, in pieces of %i bytes',
    (piece) => {
      const large = JSON.stringify({ id: 'r2', memo: `${'x'.repeat(5000)}"]}\u00e9` })
      const splitter = createElementSplitter({ element_bytes: 1000, around_bytes: 500 })
      const body = Buffer.from(`[{"id":"r1"},${large},{"id":"r3"}, ${large} ]`)
      const found: [text: string, oversized: number | undefined][] = []
      for (let at = 0; at < body.length; at += piece) {
        const { contents, oversized } = splitter.push(body.subarray(at, at + piece))
        found.push(
          ...contents.map((content, i): [string, number | undefined] => [
            content.toString().slice(0, 11),
            oversized.get(i),
          ]),
        )
        expect(contents.every((content) => content.length <= 4096)).toBe(true)
      }
      const bytes = Buffer.byteLength(large)
      expect(found).toEqual([
        ['{"id":"r1"}', undefined],
        ['{"id":"r2",', bytes],
        ['{"id":"r3"}', undefined],
        ['{"id":"r2",', bytes],
      ])
      expect(splitter.end().elements).toBe(4)
    },
  )

  test('bytes that are no UTF-8 are refused, a replacement character that was sent is not', () => {
    expect(broken(Buffer.from([0x5b, 0x22, 0xc3, 0x28, 0x22, 0x5d]))).toContain('the text is not UTF-8')
    expect(broken(Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d]), 1)).toContain('the text is not UTF-8')
    expect(split('["\ufffd"]', 2).texts).toEqual(['"\ufffd"'])
  })

  test('whatever JSON the refunds are, they come out as they went in', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        fc.integer({ min: 0, max: 2 }),
        (refunds, piece, enveloped, indent) => {
          const body = JSON.stringify(enveloped ? { meta: {}, data: refunds } : refunds, null, indent)
          fc.pre(Buffer.byteLength(body) < 800)
          expect(split(body, piece).texts.map((text) => JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(refunds)))
        },
      ),
      { numRuns: 500 },
    )
  })
})
