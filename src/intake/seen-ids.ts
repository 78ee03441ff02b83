/** Which ids have gone by, in a memory that does not grow: an id may be taken for seen that was not, never the reverse. */

export interface SeenIds {
  /** Whether the id may have been here before; from now on it has. */
  again(id: string): boolean
  clear(): void
}

/**
 * 4 MB of bits, of which an id sets four (a Bloom filter): of a million ids, each once, one in 5,000 is taken for
 * seen; of ten million one in four.
 */
const BITS_LOG = 25
const MARKS = 4

export const openSeenIds = (): SeenIds => {
  const bits = new Int32Array(2 ** (BITS_LOG - 5))
  return {
    again(id) {
      // FNV-1a, and of that two numbers that have nothing in common
      let hash = 0x811c9dc5
      for (let index = 0; index < id.length; index += 1) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193)
      const first = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
      const step = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) | 1
      let seen = true
      for (let mark = 0; mark < MARKS; mark += 1) {
        const bit = (first + Math.imul(mark, step)) >>> (32 - BITS_LOG)
        const mask = 1 << (bit & 31)
        const held = bits[bit >>> 5] ?? 0
        seen &&= (held & mask) !== 0
        bits[bit >>> 5] = held | mask
      }
      return seen
    },
    clear: () => void bits.fill(0),
  }
}
