/** What a script would do: rows streamed into a table by COPY in text format. */

import { once } from 'node:events'
import type { Db } from '../../src/database/connect.ts'

type CopyValue = string | bigint | number | boolean | null | readonly string[]

export interface CopyTarget {
  /** One row, in the order of the columns. Where it returns a promise, await it before the next row. */
  write(values: readonly CopyValue[]): void | Promise<void>
  end(): Promise<void>
}

/** Bytes handed to the socket at once. */
const CHUNK = 64 * 1024

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
const escapeText = (text: string): string =>
  /[\\\n\r\t]/.test(text) ? text.replace(/[\\\n\r\t]/g, (found) => ESCAPES[found] ?? found) : text

const arrayText = (items: readonly string[]): string =>
  `{${items.map((item) => `"${item.replace(/["\\]/g, '\\$&')}"`).join(',')}}`

function field(value: CopyValue): string {
  if (value === null) return '\\N'
  if (typeof value === 'string') return escapeText(value)
  if (typeof value === 'boolean') return value ? 't' : 'f'
  return typeof value === 'object' ? escapeText(arrayText(value)) : value.toString()
}

export function copyRows(db: Db, table: string, columns: readonly string[]): CopyTarget {
  const stream = db.copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`)
  let lines = ''
  return {
    write(values) {
      let line = ''
      for (const value of values) line += (line === '' ? '' : '\t') + field(value)
      lines += `${line}\n`
      if (lines.length < CHUNK) return undefined
      const is_full = !stream.write(lines)
      lines = ''
      return is_full ? once(stream, 'drain').then(() => undefined) : undefined
    },
    async end() {
      stream.end(lines)
      await once(stream, 'finish')
    },
  }
}
