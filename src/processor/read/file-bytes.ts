/** The bytes of a report file, as they lie there or unpacked. */

import { createHash } from 'node:crypto'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { FileFault } from '../../core/errors.ts'

/**
 * Bytes read at once. The rows of a block are garbage while they are young: an import of 200,000 lines takes 1.7 s of the
 * job's CPU, and 2.5 s in blocks of a megabyte.
 */
const BLOCK_BYTES = 262_144

/** What is known of a file once it has been read to its end. */
export interface Fingerprint {
  /** of the bytes as they lie there, packed or not; hexadecimal */
  sha256: string
  bytes: number
}

/** The sha256 and the size of a file's bytes, without reading them as text. */
export const fingerprintOf = async (path: string): Promise<Fingerprint> => {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const block of rawBlocks(path, basename(path))) {
    hash.update(block)
    bytes += block.length
  }
  return { sha256: hash.digest('hex'), bytes }
}

/**
 * The bytes of a file in blocks, each good until the next one is asked for, which is read meanwhile.
 * @throws FileFault where it is missing, no file, empty, or changes while it is read
 */
export async function* rawBlocks(path: string, name: string): AsyncGenerator<Buffer> {
  await sizeOf(path)
  const file = await open(path, 'r').catch(notOpened(path))
  try {
    const before = await file.stat()
    let bytes = 0
    // no larger than the file: a small one's buffers were most of the work that thousands of them make
    for await (const block of readAhead(file, Math.min(BLOCK_BYTES, before.size + 1))) {
      bytes += block.length
      yield block
    }
    if (bytes === 0) {
      throw new FileFault(
        `${name} is empty (0 bytes), expected a report with a header line; is it still being written?`,
      )
    }
    const after = await file.stat()
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
      throw new FileFault(
        `${name} changed while it was read (${before.size} bytes, then ${after.size}): it is still being written; import it again when it is complete`,
      )
    }
  } finally {
    await file.close()
  }
}

/** Blocks of a file, in two buffers in turn: the next is under way while one is looked at. */
async function* readAhead(file: FileHandle, size: number): AsyncGenerator<Buffer> {
  let buffer = Buffer.allocUnsafeSlow(size)
  let other = Buffer.allocUnsafeSlow(size)
  const read = (): ReturnType<typeof file.read> => {
    const reading = file.read(buffer, 0, size, null)
    // told where it is awaited, which may be later
    reading.catch(() => undefined)
    return reading
  }
  let reading = read()
  try {
    for (;;) {
      const { bytesRead } = await reading
      if (bytesRead === 0) return
      const block = buffer.subarray(0, bytesRead)
      ;[buffer, other] = [other, buffer]
      reading = read()
      yield block
    }
  } finally {
    // the file is closed next
    await reading.catch(() => undefined)
  }
}

/**
 * The size of a file in bytes. It is not opened: opening a pipe waits for a writer.
 * @throws FileFault where it is missing or no file
 */
export const sizeOf = async (path: string): Promise<number> => {
  const state = await stat(path).catch(notOpened(path))
  if (state.isFile()) return state.size
  const found = state.isDirectory() ? 'a folder' : 'a pipe or a device'
  throw new FileFault(`${basename(path)} is ${found}, expected a report file`)
}

const notOpened =
  (path: string) =>
  (cause: unknown): never => {
    const why = path.includes('\ufffd')
      ? 'its name, or that of a folder, has bytes that are no UTF-8, shown as \ufffd; rename it'
      : cause instanceof Error
        ? cause.message
        : String(cause)
    throw new FileFault(`${basename(path)} cannot be opened (${path}): ${why}`, { cause })
  }

/**
 * Passes plain bytes on, gzip'd ones unpacked: the first two bytes tell.
 * @throws FileFault where they are cut off or damaged, or something follows that is no further member of the package
 */
export async function* unpacked(raw: AsyncGenerator<Buffer>, name: string): AsyncGenerator<Buffer> {
  const first = await raw.next()
  if (first.done) return
  const plain = withFirst(first.value, raw)
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) {
    yield* plain
    return
  }
  let taken = 0
  const copies = copiesOf(plain, (bytes) => {
    taken += bytes
  })
  const source = Readable.from(copies, { objectMode: false, highWaterMark: BLOCK_BYTES })
  const gunzip = createGunzip({ chunkSize: BLOCK_BYTES })
  source.once('error', (problem) => gunzip.destroy(problem))
  try {
    for await (const block of source.pipe(gunzip)) if (Buffer.isBuffer(block)) yield block
    // a zero byte behind a member ends the unpacking without a word, whatever follows
    if (gunzip.bytesWritten < taken) {
      throw new FileFault(
        `${name} is a gzip file with something else behind byte ${gunzip.bytesWritten}, where it ends: what follows would be lost; get it again, or unpack it yourself`,
      )
    }
  } catch (cause) {
    if (cause instanceof FileFault) throw cause
    throw new FileFault(
      `${name} is a gzip file that cannot be unpacked to its end (${cause instanceof Error ? cause.message : String(cause)}): it is cut off or damaged; get it again`,
      { cause },
    )
  } finally {
    source.destroy()
  }
}

/** For who takes the next block before he is done with one. */
async function* copiesOf(blocks: AsyncGenerator<Buffer>, count: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const block of blocks) {
    count(block.length)
    yield Buffer.from(block)
  }
}

/** A block that was looked at, and the rest. */
export async function* withFirst(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first
  yield* rest
}
