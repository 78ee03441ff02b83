/**
 * Runs a format over its fixtures: test/fixtures/<format>/<variant>/ holds
 * - statement.csv, statement.txt, statement.tsv or one of them with .gz: the file, written by hand
 * - context.json (optional): { "says": "a sentence about money, the test's name", and fields of ReadingContext that
 *   differ from: the format's processor, account '', USD, both zones UTC, no reference columns, no date order }
 * - statement.expected.jsonl: one JSON document a line, in the file's order, of
 *     the fields of `import --preview` (those left out are not compared; file, processor, account may be left out)
 *     {"quarantine": {"line": 3, "reason": "part of the sentence", "raw": "optional, whole", "transaction_id", "occurred_on"}}
 *     {"summary": {"period": ..., "totals": [...]}}   at the end, optional: compared whole
 *     {"refused": "part of the message"}              alone: the file is refused whole
 *   Rows first and quarantined lines after them, or mixed: rows are compared by their lines, quarantined lines in order.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CanonicalRow, Format, ReadingContext, Unreadable } from '../../src/processor/formats/format.ts'
import { rowJson } from '../../src/processor/read/canonical-json.ts'
import { readReport } from '../../src/processor/read-report.ts'

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')
const STATEMENTS = ['statement.csv', 'statement.txt', 'statement.tsv', 'statement.csv.gz']

export type Json = Record<string, unknown>

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const parsed = (text: string): Json => {
  const value: unknown = JSON.parse(text)
  if (!isJson(value)) throw new Error(`expected a JSON object, found ${text}`)
  return value
}

/** Declares one test per variant of a format. */
export const testFixtures = (format: Format): void => testVariants(format.name, () => format)

/** Likewise, where the format depends on what context.json says beside. */
export const testVariants = (name: string, formatOf: (settings: Json) => Format): void => {
  const folder = join(FIXTURES, name)
  describe(name, () => {
    for (const variant of readdirSync(folder).sort()) {
      const place = join(folder, variant)
      const settings = existsSync(join(place, 'context.json'))
        ? parsed(readFileSync(join(place, 'context.json'), 'utf8'))
        : {}
      test(`${variant}: ${String(settings['says'] ?? 'gives the expected rows')}`, async () => {
        await compareFixture(formatOf(settings), place, settings)
      })
    }
  })
}

const compareFixture = async (
  format: Format,
  place: string,
  { says: _says, mapping: _mapping, ...settings }: Json,
): Promise<void> => {
  const fileName = STATEMENTS.find((name) => existsSync(join(place, name)))
  if (!fileName) throw new Error(`${place} has no statement`)
  const context: ReadingContext = {
    processor: format.processor,
    account: '',
    currency: 'USD',
    businessTimeZone: 'UTC',
    fileTimeZone: 'UTC',
    referenceColumns: [],
    dateOrder: null,
    distinctFile: null,
    fileName,
    ...settings,
  }
  const expected = readFileSync(join(place, 'statement.expected.jsonl'), 'utf8').split('\n').filter(Boolean).map(parsed)
  const rows: CanonicalRow[] = []
  const unreadable: Unreadable[] = []
  const reading = readReport(join(place, fileName), [format], context, (batch) => {
    rows.push(...batch.rows)
    unreadable.push(...batch.unreadable)
  })
  const refused = expected.find((line) => 'refused' in line)?.['refused']
  if (typeof refused === 'string') {
    await expect(reading).rejects.toThrow(refused)
    return
  }
  const { summary } = await reading
  const origin = { processor: context.processor, account: context.account, file: fileName }
  const expectedRows = expected.filter((line) => !('quarantine' in line || 'summary' in line))
  // a format may hold a row back until its last line was read
  const foundRows = rows
    .toSorted((one, other) => one.line - other.line)
    .map((row) => ({ ...parsed(rowJson(row, origin)), category: row.category }))
  expect(foundRows.map((row, index) => sameFields(row, expectedRows[index]))).toEqual(expectedRows)
  const expectedAside = expected.flatMap(({ quarantine }) => (isJson(quarantine) ? [quarantine] : []))
  const foundAside = unreadable.map((record, index) => asExpected({ ...record }, expectedAside[index]))
  expect(foundAside).toEqual(expectedAside)
  const expectedSummary = expected.find((line) => 'summary' in line)
  if (expectedSummary) expect(summary).toEqual(expectedSummary['summary'])
}

/** The found object cut to the fields that are expected; whole where nothing is. */
const sameFields = (found: Json, expected: Json | undefined): Json =>
  expected === undefined ? found : Object.fromEntries(Object.keys(expected).map((key) => [key, found[key]]))

/** Likewise; a reason that holds the expected part counts as that part. */
const asExpected = (found: Json, expected: Json | undefined): Json => {
  const part = expected?.['reason']
  const holds = typeof part === 'string' && String(found['reason']).includes(part)
  return sameFields(holds ? { ...found, reason: part } : found, expected)
}
