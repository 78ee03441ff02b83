/** Which ids have gone by, in a memory that does not grow: an id may be taken for seen that was not, never the reverse. */

export interface SeenIds {
  /** Whether the id may have been here before; from now on it has. */
  again(id: string): boolean
  clear(): void
}

/**
 * 8 MB of bits, of which an id sets three (a Bloom filter): of a million ids, each once, some hundred are taken for seen;
 * of ten million one in twenty.
 */
const BITS_LOG = 26
const MARKS = 3

export const openSeenIds = (): SeenIds => {
  const bits = new Int32Array(2 ** (BITS_LOG - 5))
  return {
    again(id) {
      let one = 0x811c9dc5
      let other = 0x9e3779b9
      for (let index = 0; index < id.length; index += 1) {
        const code = id.charCodeAt(index)
        one = Math.imul(one ^ code, 0x01000193)
        other = Math.imul(other ^ code, 0x85ebca6b)
        other ^= other >>> 15
      }
      let seen = true
      for (let mark = 0; mark < MARKS; mark += 1) {
        const bit = (one + Math.imul(mark, other | 1)) >>> (32 - BITS_LOG)
        const word = bit >>> 5
        const mask = 1 << (bit & 31)
        const held = bits[word] ?? 0
        seen &&= (held & mask) !== 0
        bits[word] = held | mask
      }
      return seen
    },
    clear: () => void bits.fill(0),
  }
}
