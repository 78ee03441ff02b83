import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { openSeenIds } from '../../../src/intake/seen-ids.ts'

const takenForSeen = (ids: Iterable<string>): number => {
  const seen = openSeenIds()
  let taken = 0
  for (const id of ids) if (seen.again(id)) taken += 1
  return taken
}

function* numbered(count: number, of: (number: number) => string): Generator<string> {
  for (let number = 0; number < count; number += 1) yield of(number)
}

test('an id that was here is known, whatever came between, until all are forgotten', () => {
  const seen = openSeenIds()
  const ids = [...numbered(5_000, (number) => `refund ${number}`), '', 'é', 'a', 'b']
  for (const id of ids) seen.again(id)
  expect(ids.every((id) => seen.again(id))).toBe(true)
  seen.clear()
  expect(seen.again('refund 1')).toBe(false)
  expect(seen.again('refund 1')).toBe(true)
})

test('of 300,000 ids, each once, fewer than 100 are taken for seen, be they drawn or counted', () => {
  expect(takenForSeen(numbered(300_000, () => randomUUID()))).toBeLessThan(100)
  expect(takenForSeen(numbered(300_000, (number) => `re_${number}`))).toBeLessThan(100)
  expect(takenForSeen(numbered(300_000, (number) => String(10_000_000 + number)))).toBeLessThan(100)
})
