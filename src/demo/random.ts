/** Made-up values for the demo: the same seed gives the same values, so that every demo is the same. */

export interface Random {
  /** a whole number, both ends included */
  between(low: number, high: number): number
  pick<T>(choices: readonly [T, ...T[]]): T
  /** so many letters and digits, as processors make their ids */
  letters(length: number): string
  uuid(): string
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** A small generator (mulberry32): no one's secrets depend on it. */
export const seeded = (seed: number): Random => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  const hex = (length: number): string => Array.from({ length }, () => between(0, 15).toString(16)).join('')
  return {
    between,
    pick: (choices) => choices[between(0, choices.length - 1)] ?? choices[0],
    letters: (length) => Array.from({ length }, () => LETTERS.charAt(between(0, LETTERS.length - 1))).join(''),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${between(8, 11).toString(16)}${hex(3)}-${hex(12)}`,
  }
}
