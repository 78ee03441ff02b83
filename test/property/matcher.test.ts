import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BusinessInMemory, matchInMemory } from '../support/matched-in-memory.ts'
import { matchPlainly, describe as tell } from '../support/plain-matching.ts'
import { nextNight, type PlainNight } from '../support/plain-nights.ts'
import { smallHistory, smallWorld } from '../support/random-worlds.ts'
import { runs } from '../support/runs.ts'

test('the matcher matches what the rules, read item by item, match', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(smallWorld, (world) => {
      expect(tell(matchInMemory(world))).toEqual(tell(matchPlainly(world)))
    }),
    runs('TIEOUT_WORLDS', 200),
  )
})

test('night after night the matcher keeps, undoes and matches what the contract, read item by item, does', {
  timeout: 600_000,
}, () => {
  fc.assert(
    fc.property(smallHistory, (worlds) => {
      const business = new BusinessInMemory()
      let night: PlainNight | null = null
      for (const [place, world] of worlds.entries()) {
        night = nextNight(night, world)
        expect({ night: place, told: tell(business.night(world)) }).toEqual({ night: place, told: tell(night.result) })
      }
    }),
    runs('TIEOUT_WORLDS', 200),
  )
})
