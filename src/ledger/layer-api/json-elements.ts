/** Splits the bytes of a JSON listing into the texts of its elements, as they arrive and without holding the listing. */

import { isUtf8 } from 'node:buffer'

/** The body is no listing: it is cut off, malformed, or of another shape. The message never quotes the body. */
export class BrokenListing extends Error {
  override readonly name = 'BROKEN_LISTING'
}

/** Elements that came whole: the JSON text of each, as UTF-8, and the byte of the body at which it begins. */
export interface Elements {
  contents: Buffer[]
  offsets: number[]
  /** of those larger than is allowed, of which only the beginning is in contents: their place in it, and their bytes */
  oversized: Map<number, number>
}

/** What stood around the elements: a bare array, or an envelope with `data`; `around` is it with an empty list. */
export interface Surroundings {
  shape: 'array' | 'envelope'
  elements: number
  /** whether there was a list: always in a bare array, in an envelope as the value of `data` */
  listed: boolean
  around: unknown
}

export interface ElementSplitter {
  /** Takes the next piece of the body; gives the elements that end in it. Throws BrokenListing. */
  push(piece: Buffer): Elements
  /** The body is over. Throws BrokenListing where it was not complete. */
  end(): Surroundings
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

// What a byte outside strings does to the depth: an opening bracket 1, a closing one 2, a quote 3, white space 4.
const ROLE = new Uint8Array(256)
ROLE[OPEN_LIST] = ROLE[OPEN_OBJECT] = 1
ROLE[CLOSE_LIST] = ROLE[CLOSE_OBJECT] = 2
ROLE[QUOTE] = 3
ROLE[0x20] = ROLE[0x09] = ROLE[0x0a] = ROLE[0x0d] = 4

const DEEPEST = 500

/** What is kept of an element that is too large: enough for its id. */
const HEAD_BYTES = 4096

// Where the splitter stands; the last four are inside the list of elements.
type Place = 'start' | 'envelope' | 'key' | 'colon' | 'value' | 'over' | 'first' | 'next' | 'element' | 'after'

/**
 * A splitter for `[...]` or `{"data": [...], ...}`, its keys in any order. Only brackets and strings are followed
 * here; each element is left to JSON.parse, and so is everything around the elements, which is kept (a few hundred
 * bytes) with the elements left out. A streaming JSON parser was rejected: it builds every value byte by byte in
 * JavaScript, at a tenth of the speed of JSON.parse on ready texts.
 */
export function createElementSplitter(limits: { element_bytes: number; around_bytes: number }): ElementSplitter {
  let place: Place = 'start'
  let shape: 'array' | 'envelope' = 'array'
  let base = 0 // bytes before this piece
  let depth = 0 // of what is being skipped: an element, a key or another value
  let quoted = false
  let carry = 0 // bytes of the next piece that belong to an escape
  let pending: Buffer[] = [] // beginning of the element or key that this piece continues
  let pending_bytes = 0
  let began = 0 // the byte at which it began
  let elements = 0
  let listed = false // `data` has come
  let key_is_list = false
  const around: Buffer[] = []
  let around_bytes = 0

  const broken = (at: number, what: string): BrokenListing =>
    new BrokenListing(`byte ${base + at} of the answer (after ${elements} refunds): ${what}`)

  const keepAround = (piece: Buffer, from: number, to: number): void => {
    if (to <= from) return
    around_bytes += to - from
    if (around_bytes > limits.around_bytes) {
      throw broken(from, `more than ${limits.around_bytes} bytes stand beside the list of refunds`)
    }
    around.push(Buffer.from(piece.subarray(from, to)))
  }

  /** Follows strings and brackets until the value that was begun is closed; the index after it, or -1 if it goes on. */
  const skipValue = (piece: Buffer, from: number): number => {
    const end = piece.length
    let at = from + carry
    carry = 0
    let level = depth
    let inside = quoted
    while (at < end) {
      if (inside) {
        let byte = piece[at]
        while (byte !== QUOTE && byte !== BACKSLASH && ++at < end) byte = piece[at]
        if (at >= end) break
        if (byte === BACKSLASH) at += 2
        else {
          at++
          inside = false
          if (level === 0) {
            quoted = false
            return at
          }
        }
        continue
      }
      const role = ROLE[piece[at] ?? 0]
      if (role === 0 || role === 4) {
        at++
        continue
      }
      at++
      if (role === 3) inside = true
      else if (role === 1) {
        if (++level > DEEPEST) throw broken(at - 1, `brackets are nested deeper than ${DEEPEST}`)
      } else if (--level <= 0) {
        depth = 0
        return at
      }
    }
    carry = Math.max(0, at - end)
    depth = level
    quoted = inside
    return -1
  }

  /** A number, true, false or null ends before the next comma, bracket or white space. */
  const skipBare = (piece: Buffer, from: number): number => {
    for (let at = from; at < piece.length; at++) {
      const byte = piece[at] ?? 0
      if (byte === COMMA || ROLE[byte] !== 0) return at
    }
    return -1
  }

  const skip = (piece: Buffer, from: number): number =>
    depth > 0 || quoted ? skipValue(piece, from) : skipBare(piece, from)

  const open = (byte: number): void => {
    depth = byte === OPEN_LIST || byte === OPEN_OBJECT ? 1 : 0
    quoted = byte === QUOTE
  }

  const forget = (): void => {
    pending = []
    pending_bytes = 0
  }

  const wholeOf = (piece: Buffer, from: number, to: number): Buffer => {
    let bytes = piece.subarray(from, to)
    if (pending_bytes > 0) bytes = Buffer.concat([...pending, piece.subarray(0, to)])
    forget()
    if (!isUtf8(bytes)) throw broken(from, 'the text is not UTF-8')
    return bytes
  }

  const hold = (piece: Buffer, from: number): void => {
    pending_bytes += piece.length - from
    if (pending_bytes <= limits.element_bytes || pending.length === 0) pending.push(Buffer.from(piece.subarray(from)))
    else if (pending.length > 1) pending = [Buffer.concat(pending).subarray(0, HEAD_BYTES)]
  }

  /** Follows an element from `from`; the index after it, or the piece's length where it goes on. */
  const element = (piece: Buffer, begin: number, from: number, found: Elements): number => {
    const after = skip(piece, from)
    if (after < 0) {
      hold(piece, begin)
      return piece.length
    }
    const bytes = pending_bytes > 0 ? pending_bytes + after : after - begin
    if (bytes > limits.element_bytes) {
      found.oversized.set(found.contents.length, bytes)
      const head = Buffer.concat([...pending, piece.subarray(pending_bytes > 0 ? 0 : begin, after)])
      found.contents.push(head.subarray(0, HEAD_BYTES))
      forget()
    } else found.contents.push(wholeOf(piece, begin, after))
    found.offsets.push(began)
    elements++
    place = 'after'
    return after
  }

  /** Inside the list: the index of the bracket that closes it, or the piece's length. */
  const splitList = (piece: Buffer, from: number, found: Elements): number => {
    let at = from
    while (at < piece.length) {
      const byte = piece[at] ?? 0
      if (place === 'element') {
        at = element(piece, at, at, found)
      } else if (ROLE[byte] === 4) {
        at++
      } else if (place === 'after') {
        if (byte === CLOSE_LIST) return at
        if (byte !== COMMA) throw broken(at, 'expected a comma or the end of the list of refunds')
        place = 'next'
        at++
      } else if (byte === CLOSE_LIST && place === 'first') {
        return at
      } else if (byte === COMMA || ROLE[byte] === 2) {
        throw broken(at, 'expected a refund')
      } else {
        began = base + at
        place = 'element'
        open(byte)
        at = element(piece, at, at + 1, found)
      }
    }
    return at
  }

  const push = (piece: Buffer): Elements => {
    const found: Elements = { contents: [], offsets: [], oversized: new Map() }
    let at = 0
    if (base === 0 && piece[0] === 0xef && piece[1] === 0xbb && piece[2] === 0xbf) at = 3 // a byte order mark
    while (at < piece.length) {
      if (place === 'first' || place === 'next' || place === 'element' || place === 'after') {
        at = splitList(piece, at, found)
        if (at >= piece.length) break
        keepAround(piece, at, ++at) // the closing bracket
        place = shape === 'array' ? 'over' : 'envelope'
        continue
      }
      const byte = piece[at] ?? 0
      if (place === 'key' || place === 'value') {
        const begin = at
        at = skip(piece, begin)
        if (place === 'key') {
          if (at < 0) hold(piece, begin)
          else {
            key_is_list = wholeOf(piece, begin, at).toString('latin1') === 'data"'
            place = 'colon'
          }
        } else if (at >= 0) place = 'envelope'
        keepAround(piece, begin, at < 0 ? piece.length : at)
        if (at < 0) break
        continue
      }
      if (ROLE[byte] === 4) {
        at++
        continue
      }
      switch (place) {
        case 'start':
          if (byte !== OPEN_LIST && byte !== OPEN_OBJECT) throw broken(at, 'expected a list or {"data": [...]}')
          shape = byte === OPEN_LIST ? 'array' : 'envelope'
          place = byte === OPEN_LIST ? 'first' : 'envelope'
          break
        case 'envelope':
          if (byte === CLOSE_OBJECT) place = 'over'
          else if (byte === QUOTE) {
            open(byte)
            place = 'key'
          } else if (byte !== COMMA) throw broken(at, 'expected a key of the envelope')
          break
        case 'colon':
          if (byte !== COLON) {
            open(byte)
            if (key_is_list && byte === OPEN_LIST) {
              if (listed) throw broken(at, '"data" stands twice')
              listed = true
              depth = 0
              place = 'first'
            } else place = 'value'
          }
          break
        default:
          throw broken(at, 'something follows the end of the listing')
      }
      keepAround(piece, at, ++at)
    }
    base += piece.length
    return found
  }

  const end = (): Surroundings => {
    if (place !== 'over') throw broken(0, 'the answer ends in the middle')
    const bytes = Buffer.concat(around)
    if (!isUtf8(bytes)) throw broken(0, 'the text is not UTF-8')
    try {
      return { shape, elements, listed: listed || shape === 'array', around: JSON.parse(bytes.toString('utf8')) }
    } catch {
      throw broken(0, 'what stands around the refunds is not JSON')
    }
  }

  return { push, end }
}
