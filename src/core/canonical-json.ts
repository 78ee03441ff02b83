/** One text for one value, and its hash: what events and closes are signed by (spec section 7). */

import { createHash } from 'node:crypto'

/**
 * JSON with sorted keys and without white space: the same value gives the same text. A bigint goes in as a number, as text
 * where a number would lose digits.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'bigint')
    return Number.isSafeInteger(Number(value)) ? String(value) : JSON.stringify(String(value))
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`
  }
  return JSON.stringify(value)
}

/** SHA-256 of a text, as 64 hex digits. */
export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex')
