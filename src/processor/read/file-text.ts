/** The bytes of a report file as text: hashed, unpacked, decoded, in blocks that end at line ends. */

import { isAscii, isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { FileFault } from '../../core/errors.ts'
import { type Fingerprint, rawBlocks, unpacked, withFirst } from './file-bytes.ts'

/** A line, and a record, may be this long at most: characters, about a megabyte. */
export const LONGEST_RECORD = 1_048_576
const BYTES_OF_A_CHARACTER = 4
const LINE_FEED = 10
const CARRIAGE_RETURN = 13

/** Some whole lines of a file. */
export interface TextBlock {
  text: string
  /** the end of the file: the text may lack its last line end */
  last: boolean
}

/** Where the next block begins: kept by who reads the blocks, for messages. */
interface Place {
  line: number
}

export interface TextFile {
  /** without folders */
  name: string
  place: Place
  /** what ends a line: '\n', or '\r' in files of old Macs */
  lineEnd: '\n' | '\r'
  blocks: AsyncGenerator<TextBlock>
  /** to be asked after the last block */
  fingerprint(): Fingerprint
  close(): Promise<void>
}

/**
 * Opens a file of text: UTF-8 (with or without BOM) or UTF-16 with BOM, as it is or gzip'd.
 * Its blocks are to be read once, in order; reading holds about a megabyte.
 * @throws FileFault where it is missing, empty, no text, not decodable, still being written or has a line too long
 */
export const openText = async (path: string): Promise<TextFile> => {
  const name = basename(path)
  const hash = createHash('sha256')
  let bytes = 0
  const raw = rawBlocks(path, name)
  try {
    const plain = unpacked(
      seenBy(raw, (block) => {
        hash.update(block)
        bytes += block.length
      }),
      name,
    )
    const first = await plain.next()
    if (first.done) throw new FileFault(`${name} is empty once unpacked, expected a report with a header line`)
    refuseOtherKinds(first.value, name)
    const utf8 = inUtf8(withFirst(first.value, plain), first.value, name)
    const head = await utf8.next()
    const start = head.done ? Buffer.alloc(0) : head.value
    const lineEnd = start.includes(LINE_FEED) || !start.includes(CARRIAGE_RETURN) ? '\n' : '\r'
    const place = { line: 1 }
    const blocks = textBlocks(withFirst(start, utf8), name, lineEnd === '\n' ? LINE_FEED : CARRIAGE_RETURN, place)
    const close = async (): Promise<void> => {
      await blocks.return(undefined)
      // a generator that was never begun does not pass its end on
      await raw.return(undefined)
    }
    return { name, place, lineEnd, blocks, fingerprint: () => ({ sha256: hash.copy().digest('hex'), bytes }), close }
  } catch (problem) {
    await raw.return(undefined)
    throw problem
  }
}

async function* seenBy(blocks: AsyncGenerator<Buffer>, look: (block: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const block of blocks) {
    look(block)
    yield block
  }
}

const KINDS: readonly [string, string][] = [
  ['PK\u0003\u0004', 'an Excel workbook or a zip archive'],
  ['\u00d0\u00cf\u0011\u00e0', 'an old Excel workbook'],
  ['%PDF', 'a PDF document'],
]

const refuseOtherKinds = (block: Buffer, name: string): void => {
  const start = block.subarray(0, 4).toString('latin1')
  const kind = KINDS.find(([magic]) => magic === start)
  if (kind) throw new FileFault(`${name} is not a text file but ${kind[1]}, expected a CSV report: export it as CSV`)
}

/** Turns UTF-16 (a BOM tells) into UTF-8, and drops the BOM. */
async function* inUtf8(plain: AsyncGenerator<Buffer>, first: Buffer, name: string): AsyncGenerator<Buffer> {
  const encoding =
    first[0] === 0xff && first[1] === 0xfe ? 'utf-16le' : first[0] === 0xfe && first[1] === 0xff ? 'utf-16be' : null
  if (encoding === null) {
    let begun = false
    for await (const block of plain) {
      yield !begun && block[0] === 0xef && block[1] === 0xbb && block[2] === 0xbf ? block.subarray(3) : block
      begun = true
    }
    return
  }
  const decoder = new TextDecoder(encoding, { fatal: true })
  let offset = 0
  try {
    for await (const block of plain) {
      yield Buffer.from(decoder.decode(block, { stream: true }))
      offset += block.length
    }
    decoder.decode()
  } catch (cause) {
    if (cause instanceof FileFault) throw cause
    throw new FileFault(
      `${name} begins as ${encoding.toUpperCase()} but cannot be decoded after byte ${offset}: it is cut off or damaged`,
      { cause },
    )
  }
}

async function* textBlocks(
  blocks: AsyncGenerator<Buffer>,
  name: string,
  lineEnd: number,
  place: Place,
): AsyncGenerator<TextBlock> {
  let rest: Buffer = Buffer.alloc(0)
  let offset = 0
  for await (const block of blocks) {
    const bytes = rest.length === 0 ? block : Buffer.concat([rest, block])
    const end = bytes.lastIndexOf(lineEnd) + 1
    if (end > 0) yield { text: decoded(bytes.subarray(0, end), offset, name, place), last: false }
    offset += end
    // the block is good until the next one is asked for
    rest = Buffer.from(bytes.subarray(end))
    if (rest.length > LONGEST_RECORD * BYTES_OF_A_CHARACTER) throw tooLong(name, place.line)
  }
  yield { text: decoded(rest, offset, name, place), last: true }
}

/** A line that no report has: a file that is no CSV, or one whose line ends were lost. */
export const tooLong = (name: string, line: number): FileFault =>
  new FileFault(
    `${name}, line ${line}: a record of more than ${LONGEST_RECORD} characters, expected one report line; ` +
      'either it is no CSV file, its line ends are lost, or a quote that opens on this line is never closed',
  )

const decoded = (bytes: Buffer, offset: number, name: string, place: Place): string => {
  const zero = bytes.indexOf(0)
  if (zero !== -1) {
    throw new FileFault(
      `${name} is not a text file: a zero byte at byte ${offset + zero}, line ${place.line + countLines(bytes, zero)}; expected a CSV report`,
    )
  }
  if (isAscii(bytes)) return bytes.toString('latin1')
  if (isUtf8(bytes)) return bytes.toString('utf8')
  const bad = firstUndecodable(bytes)
  throw new FileFault(
    `${name} is not UTF-8 text: byte ${offset + bad} (0x${(bytes[bad] ?? 0).toString(16).padStart(2, '0')}), line ${place.line + countLines(bytes, bad)}, ` +
      'belongs to no character; it may be in Windows-1252, Latin-1 or another old encoding: save it as UTF-8',
  )
}

const countLines = (bytes: Buffer, end: number): number =>
  bytes.subarray(0, end).toString('latin1').split('\n').length - 1

/** The index of the first byte that is no part of a UTF-8 character. */
const firstUndecodable = (bytes: Buffer): number => {
  let sound = 0
  for (let size = bytes.length; size >= 1; size = Math.floor(size / 2)) {
    while (sound + size <= bytes.length && isUtf8(bytes.subarray(0, sound + size))) sound += size
  }
  return sound
}
