import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pieceEnds } from '../../../src/processor/file-pieces.ts'

const LF = 10
const lineOf = (number: number): string => `txn_${number},2026-10-31 14:00:00,usd,-25.00,refund,re_${number * 7919}\n`
const linesFrom = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => lineOf(first + index))

const piecesOf = (text: string): string[] => {
  const bytes = Buffer.from(text)
  const ends = pieceEnds(bytes, LF)
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end).toString())
}

test('pieces end at line ends, and follow one another without a gap', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ',', '\n', 'é'), maxLength: 40 })), (texts) => {
      const text = texts.join('\n')
      const pieces = piecesOf(text)
      expect(text.startsWith(pieces.join(''))).toBe(true)
      expect(pieces.every((piece) => piece.endsWith('\n'))).toBe(true)
    }),
    { numRuns: 200, seed: 20261122 },
  )
})

test('pieces are of some 16 KB, of long lines and of short ones', () => {
  for (const padding of [0, 200, 2000]) {
    const lines = linesFrom(1, 4_000_000 / (padding + 60)).map((line) =>
      line.replace(',refund,', `,${'x'.repeat(padding)},`),
    )
    const pieces = piecesOf(lines.join(''))
    const mean = pieces.reduce((sum, piece) => sum + piece.length, 0) / pieces.length
    expect(mean).toBeGreaterThan(11_000)
    expect(mean).toBeLessThan(23_000)
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(65_536 + 2_100)
  }
})

test('lines that are all the same are cut as well', () => {
  const pieces = piecesOf(lineOf(1).repeat(10_000))
  expect(pieces.length).toBeGreaterThan(5)
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(65_536 + 100)
})

test('a file with some lines more, fewer and others has all the pieces that none of these is in', () => {
  const lines = linesFrom(1, 30_000)
  const before = piecesOf(lines.join(''))
  const changed = [...lines]
  changed.splice(20_000, 1, lineOf(99_999))
  changed.splice(12_000, 5)
  changed.splice(4_000, 0, ...linesFrom(500_000, 3))
  const known = new Set(before)
  const unknown = piecesOf(changed.slice(1_000).join('')).filter((piece) => !known.has(piece))
  // the first piece begins elsewhere; each change touches one piece, or two where it moved an end
  expect(before.length).toBeGreaterThan(80)
  expect(unknown.length).toBeGreaterThanOrEqual(4)
  expect(unknown.length).toBeLessThanOrEqual(8)
})
