/** Where a report's text goes: a file that is there whole or not at all, or a terminal. */

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Writable } from 'node:stream'

/** Takes text piece by piece; pieces are gathered, so that small ones cost nothing. */
export interface Sink {
  /** await it where it returns a promise: the receiver is slower than the report */
  write(text: string | Uint8Array): Promise<void> | undefined
}

const GATHERED = 64 * 1024

/**
 * Writes a file through a temporary one beside it, which takes its name when `render` is done and its bytes are on
 * the disk: a reader finds the old report or the new one, never half of one. The folder is made where it is missing.
 */
export const writeFileWhole = async (path: string, render: (sink: Sink) => Promise<void>): Promise<void> => {
  await mkdir(dirname(path), { recursive: true })
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}`)
  const file = await open(temporary, 'wx')
  try {
    await gather(file, render)
    await file.sync()
    await file.close()
    await rename(temporary, path)
  } catch (failure) {
    await file.close().catch(() => undefined)
    await rm(temporary, { force: true })
    throw failure
  }
}

const gather = async (file: FileHandle, render: (sink: Sink) => Promise<void>): Promise<void> => {
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
    for (let done = 0; done < chunk.length; ) done += (await file.write(chunk, done)).bytesWritten
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
