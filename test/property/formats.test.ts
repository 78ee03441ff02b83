import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FORMATS } from '../../src/processor/formats/formats.ts'
import { amountPlaces, isLineByLine, isMissed, MUTATIONS, type Place } from '../support/report-mutations.ts'
import { expectSound } from '../support/report-oracles.ts'
import { makeReader, type Reader, type Seed, write } from '../support/report-seeds.ts'

/** How often each mutation is thrown at each format. */
const RUNS = Number(process.env['TIEOUT_MUTATIONS'] ?? 10)

const numbers = ['abc', '12..3', '1e5', 'NaN', '--5', '0x1F', '\u221e', '1.2.3.4', '1_000', '\u0663', '12 3', '5-']
const noises = ['', ' ', 'null', '2026-02-30', '9'.repeat(60), '"', '-', ...numbers]

/** A zero is no noise: as an amount it is read, and rightly. */
const saysZero = (text: string): boolean => /0/.test(text) && !/[1-9]/.test(text)

const chances = fc.record({
  which: fc.nat(),
  record: fc.nat(),
  cell: fc.nat(),
  choice: fc.nat(),
  noise: fc.oneof(
    fc.constantFrom(...noises),
    fc.string().filter((text) => !saysZero(text)),
  ),
  number: fc.constantFrom(...numbers),
})

let reader: Reader
beforeAll(async () => {
  reader = await makeReader()
})
afterAll(async () => await reader.remove())

describe.each(FORMATS.map((format) => ({ name: format.name, format })))('$name', ({ format }) => {
  let seeds: Seed[] = []
  const amounts: Place[] = []
  beforeAll(async () => {
    // a file that writes amounts in two ways has no right reading to compare with
    const mixes = ({ base }: Seed): boolean => base.unreadable.some(({ reason }) => reason.includes('mixes two ways'))
    seeds = (await reader.seeds(format)).filter((seed) => !mixes(seed))
    for (const seed of seeds) amounts.push(...(await amountPlaces(reader, seed)))
  })

  test('no record of its files can go missing unnoticed', async () => {
    expect(seeds.length).toBeGreaterThan(0)
    for (const seed of seeds) {
      const { rows, unreadable } = seed.base
      expectSound(seed.base, write(seed).lines)
      if (isLineByLine(format)) expect(rows.length + unreadable.length, seed.name).toBe(seed.body.length)
      for (const record of seed.body.keys()) {
        expect(await isMissed(reader, seed, record), `${seed.name}: record ${record + 1}`).toBe(true)
      }
    }
  })

  test.each(Object.entries(MUTATIONS))('%s', async (_, mutation) => {
    await fc.assert(
      fc.asyncProperty(chances, async ({ which, record, cell, ...rest }) => {
        const seed = seeds[which % seeds.length]
        const cells = seed?.body[record % seed.body.length]
        if (seed === undefined || cells === undefined) return
        const amount = amounts[which % Math.max(amounts.length, 1)] ?? null
        const place = { seed, record: record % seed.body.length, cell: cell % cells.length }
        await mutation(reader, { ...place, amount, ...rest }).catch((problem: unknown) => {
          const where = ({ seed: { name }, record, cell }: Place): string =>
            `${name}, record ${record + 1}, cell ${cell + 1}`
          const at = `${where(place)}${amount === null ? '' : `; its amount: ${where(amount)}`}`
          throw new Error(at, { cause: problem })
        })
      }),
      { numRuns: RUNS },
    )
  })
})
