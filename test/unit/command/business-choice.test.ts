import { expect, test } from 'vitest'
import { chooseBusinesses } from '../../../src/config/business-choice.ts'
import { UsageFault } from '../../../src/core/errors.ts'
import { PLAIN_BUSINESS } from '../../support/plain-config.ts'

const business = (id: string, name: string) => ({ ...PLAIN_BUSINESS, id, name })

const COFFEE = business('5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01', 'Harbor Coffee')
const BAKERY = business('5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a02', 'Harbor Bakery')
const PIER = business('77aa8f4e-3f0a-4a55-9d0e-0c1d5f1f7a03', 'Pier')
const PIER_ELEVEN = business('88bb8f4e-3f0a-4a55-9d0e-0c1d5f1f7a04', 'Pier 11')
const ALL = [COFFEE, BAKERY, PIER, PIER_ELEVEN]

const chosen = (named: string[], businesses = ALL): string[] =>
  chooseBusinesses({ businesses, path: '/etc/tieout.yaml' }, named).map(({ name }) => name)

const refused = (named: string[], businesses = ALL): { message: string; hint: string | null } => {
  try {
    chosen(named, businesses)
  } catch (error) {
    if (error instanceof UsageFault) return { message: error.message, hint: error.hint }
  }
  throw new Error(`${named.join(', ')} was not refused`)
}

test.each([
  [['5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a02'], ['Harbor Bakery']],
  [['77AA'], ['Pier']],
  [['7a04'], ['Pier 11']],
  [['coffee'], ['Harbor Coffee']],
  [[' Harbor B'], ['Harbor Bakery']],
  // a whole name goes before a part of another
  [['pier'], ['Pier']],
  // each once, in the order of the configuration
  [
    ['pier', 'coffee', 'Harbor Coffee'],
    ['Harbor Coffee', 'Pier'],
  ],
  [[], ['Harbor Coffee', 'Harbor Bakery', 'Pier', 'Pier 11']],
])('--business %j is %j', (named, names) => {
  expect(chosen(named)).toEqual(names)
})

test('a part that fits two businesses is refused with both', () => {
  expect(refused(['coffee', 'harbor'])).toEqual({
    message:
      '--business harbor: fits 2 businesses: 5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01 (Harbor Coffee), 5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a02 (Harbor Bakery)',
    hint: 'give more of its name or id',
  })
})

test('a name that two businesses bear is refused: only the id tells them apart', () => {
  const twins = [COFFEE, { ...PIER, name: 'harbor coffee' }]
  expect(refused(['Harbor Coffee'], twins)).toMatchObject({
    message: expect.stringContaining('fits 2 businesses'),
    hint: 'name it by its id',
  })
})

test('a mistyped name is refused with the one that was meant', () => {
  expect(refused(['Habor Cofee'])).toMatchObject({
    message: expect.stringContaining('--business Habor Cofee: not in /etc/tieout.yaml; there are 5b0c8f4e'),
    hint: 'did you mean Harbor Coffee?',
  })
  expect(refused(['cofee']).hint).toBe('did you mean Harbor Coffee?')
  // a word of two names
  expect(refused(['habor']).hint).toBe(null)
  expect(refused(['nobody']).hint).toBe(null)
  expect(refused(['  ']).message).toBe('--business: found nothing, expected the name or id of a business')
})

test('of 1,000 businesses the message names ten', () => {
  const many = Array.from({ length: 1000 }, (_, index) => business(`id-${String(index).padStart(4, '0')}`, `b${index}`))
  expect(refused(['shop'], many).message).toMatch(/id-0009 \(b9\) and 990 more$/)
})
