/** The standard output, as a command writes its result to it. */

import { Writable } from 'node:stream'
import { visible } from './visible.ts'

/** stdout as a result is written to it. */
export interface Output extends Writable {
  isTTY: boolean
  /** of a terminal */
  columns?: number | undefined
  hasColors(): boolean
}

/** stdout, and whether anything was written to it. */
export const openOutput = (): { output: Output; readonly has_begun: boolean } => {
  let has_begun = false
  const output = new Writable({
    decodeStrings: false,
    write(piece, encoding, done) {
      has_begun = true
      process.stdout.write(piece, encoding, done)
    },
  })
  const { isTTY = false, columns } = process.stdout
  const terminal = { isTTY, columns, hasColors: () => process.stdout.hasColors?.() === true }
  return {
    output: Object.assign(output, terminal),
    get has_begun() {
      return has_begun
    },
  }
}

/** Prints a document as JSON. */
export const printJson = (document: object): void => {
  process.stdout.write(`${visible(JSON.stringify(document, plainNumbers, 2))}\n`)
}

/** Counts are bigints where they come from the database. */
const plainNumbers = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value)
