/** Where a report's text goes: a file that is there whole or not at all, or a terminal. */

import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { visible } from '../core/visible.ts'
import { writeWhole } from '../core/whole-file.ts'

/** Takes text piece by piece; pieces are gathered, so that small ones cost nothing. */
export interface Sink {
  /** await it where it returns a promise: the receiver is slower than the report */
  write(text: string | Uint8Array): Promise<void> | undefined
}

const GATHERED = 64 * 1024

/** Writes a file whole (see writeWhole) of the text that `render` gives piece by piece. Throws DeliveryFault. */
export const writeFileWhole = (path: string, render: (sink: Sink) => Promise<void>): Promise<void> =>
  writeWhole(path, (append) => gather(append, render))

const gather = async (
  append: (bytes: Uint8Array) => Promise<void>,
  render: (sink: Sink) => Promise<void>,
): Promise<void> => {
  let pieces: Uint8Array[] = []
  let text = ''
  let size = 0
  const flushText = (): void => {
    if (text !== '') pieces.push(Buffer.from(text))
    text = ''
  }
  const flush = async (): Promise<void> => {
    flushText()
    const chunk = Buffer.concat(pieces)
    pieces = []
    size = 0
    await append(chunk)
  }
  await render({
    write(piece) {
      size += piece.length
      if (typeof piece === 'string') text += piece
      else {
        flushText()
        pieces.push(piece)
      }
      return size < GATHERED ? undefined : flush()
    },
  })
  await flush()
}

/** The same, with what is hidden in the texts written out: JSON and CSV on a terminal. CSV begins with a byte order mark. */
export const visibleSink = (sink: Sink): Sink => ({
  write: (piece) => {
    if (typeof piece !== 'string') return sink.write(piece)
    return sink.write(piece.startsWith('\ufeff') ? `\ufeff${visible(piece.slice(1))}` : visible(piece))
  },
})

/** Writes to a stream that stays open, waiting where it is full. Where its reader has gone (`| head`), nothing is left to do. */
export const streamSink = (stream: Writable): Sink => {
  let failure: Error | null = null
  let gone = false
  stream.on('error', (error: NodeJS.ErrnoException) => {
    gone = true
    if (error.code !== 'EPIPE') failure = error
  })
  return {
    write(piece) {
      if (failure) throw failure
      if (gone || stream.write(piece)) return undefined
      return once(stream, 'drain').then(
        () => undefined,
        () => undefined,
      )
    },
  }
}

/** 'Harbor Coffee Co.' as part of a file's name: 'harbor-coffee-co'; '' where no letter of it can stand there. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
