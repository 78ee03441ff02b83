/** The ZIP container of a workbook, streamed. The only import of yazl: native deflate, one part after the other. */

import { PassThrough, Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import type { Sink } from '../sink.ts'

/** One file of the container. Its text is asked for when its turn comes, after all parts before it. */
export interface Part {
  name: string
  text(): AsyncIterable<string> | Iterable<string>
}

const PIECE = 64 * 1024

/** Small pieces of text gathered into larger ones. */
async function* gathered(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Buffer> {
  let text = ''
  for await (const piece of pieces) {
    text += piece
    if (text.length < PIECE) continue
    yield Buffer.from(text)
    text = ''
  }
  yield Buffer.from(text)
}

/** Writes the parts in order. `modified` dates them: the same report gives the same bytes. */
export const writeZip = async (sink: Sink, modified: Date, parts: readonly Part[]): Promise<void> => {
  const zip = new ZipFile()
  const output = new PassThrough()
  zip.on('error', (failure: Error) => output.destroy(failure))
  for (const part of parts) {
    zip.addReadStreamLazy(part.name, { mtime: modified }, (take) => {
      take(null, Readable.from(gathered(part.text()), { objectMode: false }))
    })
  }
  zip.end()
  zip.outputStream.pipe(output)
  for await (const chunk of output) await sink.write(chunk)
}
