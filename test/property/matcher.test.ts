import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BusinessInMemory } from '../support/matched-in-memory.ts'
import { type PlainWorld, describe as tell } from '../support/plain-matching.ts'
import { nextNight, type PlainNight } from '../support/plain-nights.ts'
import { smallHistory, smallWorld, spreadHistory } from '../support/random-worlds.ts'
import { runs } from '../support/runs.ts'
import { smallestHistory, textOf } from '../support/smallest-history.ts'

/** What the matcher makes of the first night on which it differs from the contract, read item by item, beside that; or null. */
function difference(worlds: readonly PlainWorld[]): { is: string[]; due: string[] } | null {
  const business = new BusinessInMemory()
  let night: PlainNight | null = null
  for (const world of worlds) {
    night = nextNight(night, world)
    const [is, due] = [tell(business.night(world)), tell(night.result)]
    if (is.join() !== due.join()) return { is, due }
  }
  return null
}

async function expectNoDifference(worlds: readonly PlainWorld[]): Promise<void> {
  if (difference(worlds) === null) return
  const smallest = await smallestHistory(worlds, (smaller) => difference(smaller) !== null)
  const { is = [], due = [] } = difference(smallest) ?? {}
  expect({ is, of: textOf(smallest) }).toEqual({ is: due, of: textOf(smallest) })
}

test('the matcher matches what the rules, read item by item, match', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.noShrink(smallWorld), async (world) => await expectNoDifference([world])),
    runs('TIEOUT_WORLDS', 200),
  )
})

test('night after night the matcher keeps, undoes and matches what the contract, read item by item, does', {
  timeout: 600_000,
}, async () => {
  const worlds = fc.oneof({ weight: 3, arbitrary: smallHistory }, { weight: 1, arbitrary: spreadHistory })
  await fc.assert(
    fc.asyncProperty(fc.noShrink(worlds), async (history) => await expectNoDifference(history)),
    runs('TIEOUT_WORLDS', 200),
  )
})
