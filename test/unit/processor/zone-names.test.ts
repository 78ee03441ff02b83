import { expect, test } from 'vitest'
import { isTimeZone } from '../../../src/core/period.ts'
import { isAmericanZone, RAILS_ZONES, zoneNamed } from '../../../src/processor/fields/zone-names.ts'

test('names of Rails and of IANA are zones, others are not', () => {
  expect(zoneNamed('Eastern Time (US & Canada)')).toBe('America/New_York')
  expect(zoneNamed(' Pacific Standard Time (US & Canada) ')).toBe('America/Los_Angeles')
  expect(zoneNamed('Arizona')).toBe('America/Phoenix')
  expect(zoneNamed('London')).toBe('Europe/London')
  expect(zoneNamed('America/Halifax')).toBe('America/Halifax')
  expect(zoneNamed('Eastern')).toBeNull()
  expect(zoneNamed('constructor')).toBeNull()
  expect(zoneNamed('')).toBeNull()
})

test('every zone of the table exists', () => {
  expect([...RAILS_ZONES.values()].filter((zone) => !isTimeZone(zone))).toEqual([])
})

test('New York has the month first, London has not', () => {
  expect(isAmericanZone('America/New_York')).toBe(true)
  expect(isAmericanZone('Europe/London')).toBe(false)
})
