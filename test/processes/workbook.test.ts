/** The spreadsheet way: decisions written into a workpaper's lines, and what `tieout review import` makes of them. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Built, buildSource } from '../support/built.ts'
import type { Ended } from '../support/command.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { FIRST, type Harbor, openHarbor, SECOND } from '../support/harbor.ts'
import {
  changeSheet,
  fillIn,
  inExcelsLayout,
  inTheOldOrder,
  office,
  savedByOffice,
  type Written,
} from '../support/workbook.ts'

let built: Built
let database: FreshDatabase
let harbor: Harbor
let book: string

interface Finding {
  id: string
  code: string
  status: string
  owner: string | null
  owner_due_on: string | null
  decision: { as: string; by: string; note: string } | null
  comments: { by: string; note: string }[]
}
const review = (...words: string[]): Promise<Ended> => harbor.run('review', ...words)
const findings = async (): Promise<Finding[]> => {
  const { stdout } = await review('list', '--status', 'all', '--json')
  return (JSON.parse(stdout) as { discrepancies: Finding[] }).discrepancies
}
const finding = async (id: string): Promise<Finding | undefined> => (await findings()).find((each) => each.id === id)
const idOf = async (code: string, place = 0): Promise<string> =>
  (await findings()).filter((each) => each.code === code)[place]?.id ?? ''

/** A new workpaper in which this is written. */
const workpaper = async (written: Readonly<Record<string, Written>>): Promise<void> => {
  const { code } = await harbor.run('report', '--format', 'xlsx', '--output', book)
  expect(code).toBe(0)
  await fillIn(book, written)
}

interface Imported {
  code: number | null
  lines: { line: number; discrepancy_id: string; outcome: string; reason: string | null }[]
}
const imported = async (...words: string[]): Promise<Imported> => {
  const { code, stdout } = await review('import', book, '--by', 'Ada', '--json', ...words)
  return { code, lines: (JSON.parse(stdout) as { lines: Imported['lines'] }).lines }
}
/** The exit code, and what came of each line. */
const outcomes = async (...words: string[]): Promise<unknown[]> => {
  const { code, lines } = await imported(...words)
  return [code, ...lines.map(({ outcome }) => outcome)]
}
const decisionsTaken = async (): Promise<number> =>
  (await database.query(`select from event where actor <> 'run'`)).length

beforeAll(async () => {
  built = await buildSource()
  database = await freshDatabase()
  harbor = await openHarbor(built, database.url)
  for (const night of [FIRST, SECOND]) {
    harbor.arrives(night)
    await harbor.nightly(night)
  }
  book = join(harbor.folder, 'october.xlsx')
}, 180_000)
afterAll(async () => {
  await harbor.close()
  await database.close()
})

describe.each<[string, (path: string) => Promise<void>, boolean]>([
  ['as it was made', async () => undefined, true],
  ['of version 0.1, with the decision in its last columns', inTheOldOrder, true],
  ["saved in Excel's layout", inExcelsLayout, true],
  ['saved by LibreOffice', savedByOffice, office !== null],
])('a workpaper %s', (_what, save, isThere) => {
  it.skipIf(!isThere)(
    'brings a resolution, an owner with a due date and a comment, once',
    async () => {
      const [failed, missing, cutoff, over] = [
        ...[await idOf('REFUND_FAILED'), await idOf('MISSING_IN_LEDGER', 1), await idOf('CUTOFF_MISMATCH', 1)],
        await idOf('OVER_REFUND'),
      ]
      for (const id of [failed, missing, cutoff, over]) await review('reopen', id ?? '')
      const note = `the bank's "second try" & more, ${_what}`
      await workpaper({
        [failed ?? '']: { Decision: 'explained', Note: note },
        // 2026-12-01 is day 46357
        [missing ?? '']: { Owner: 'Ben', 'Due date': 46357, Decision: 'Acknowledged' },
        [cutoff ?? '']: { Note: note },
        [over ?? '']: { Decision: 'corrected', Note: 'refunded twice, one taken back', Owner: _what },
      })
      await save(book)
      const before = await decisionsTaken()
      expect(await outcomes('--dry-run')).toEqual([0, 'would', 'would', 'would', 'would'])
      expect(await decisionsTaken()).toBe(before)
      expect(await outcomes('--yes')).toEqual([0, 'done', 'done', 'done', 'done'])
      expect(await finding(failed ?? '')).toMatchObject({
        status: 'resolved',
        decision: { as: 'explained', by: 'Ada', note },
      })
      expect(await finding(missing ?? '')).toMatchObject({
        ...{ status: 'acknowledged', owner: 'Ben', owner_due_on: '2026-12-01' },
      })
      expect((await finding(cutoff ?? ''))?.comments.at(-1)).toMatchObject({ by: 'Ada', note })
      expect(await finding(over ?? '')).toMatchObject({ status: 'resolved', owner: _what })
      const after = await decisionsTaken()
      expect(await outcomes('--yes')).toEqual([0, 'already', 'already', 'already', 'already'])
      expect(await decisionsTaken()).toBe(after)
      await review('assign', missing ?? '', '--to', 'nobody', '--by', 'Ada')
    },
    120_000,
  )
})

describe('a line', () => {
  it('is refused where the finding was decided, or changed, since the workpaper was made; the others are taken', async () => {
    const [first, second, third] = [
      ...[await idOf('AMOUNT_MISMATCH', 0), await idOf('AMOUNT_MISMATCH', 1)],
      await idOf('PAYMENT_IMBALANCE'),
    ]
    const waived = { Decision: 'waived', Note: 'small' }
    await workpaper({ [first ?? '']: waived, [second ?? '']: waived, [third ?? '']: waived })
    await review('resolve', first ?? '', '--as', 'explained', '--note', 'a fee', '--by', 'Ben')
    await database.query(`update discrepancy_effect set amount = amount + 1 where discrepancy_id = $1`, [second])
    const { code, lines } = await imported('--yes')
    await database.query(`update discrepancy_effect set amount = amount - 1 where discrepancy_id = $1`, [second])
    expect([code, ...lines.map(({ outcome }) => outcome)]).toEqual([4, 'refused', 'refused', 'done'])
    expect(lines.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/changed since you looked at it: Ben resolved it as explained on .*: "a fee"/),
      expect.stringContaining('a run found other amounts'),
      null,
    ])
    expect((await finding(first ?? ''))?.decision?.as).toBe('explained')
    expect((await finding(third ?? ''))?.decision?.as).toBe('waived')
  })

  it.each<[string, Written, string]>([
    ['a word that is no decision', { Decision: 'ignore' }, "the decision is 'ignore', expected one of acknowledged"],
    ['a resolution without a note', { Decision: 'waived' }, 'it is waived without a note'],
    ['a due date that is none', { Owner: 'Ben', 'Due date': 'soon' }, "the due date is 'soon'"],
    ['a due date without an owner', { 'Due date': '2026-12-01' }, 'it has a due date and no owner'],
  ])('with %s is refused, and nothing of it is taken', async (_what, written, why) => {
    const id = await idOf('DUPLICATE_IN_LEDGER')
    await workpaper({ [id]: written })
    const before = await decisionsTaken()
    const { code, lines } = await imported('--yes')
    expect([code, lines]).toEqual([
      1,
      [expect.objectContaining({ outcome: 'refused', reason: expect.stringContaining(why) })],
    ])
    expect(await decisionsTaken()).toBe(before)
  })

  it('with a formula counts as what was saved of it, and as nothing where nothing was', async () => {
    const [first, second] = [await idOf('ALLOCATION_IMBALANCE'), await idOf('LINE_ITEM_IMBALANCE')]
    await workpaper({ [first]: { Decision: 'acknowledged' }, [second]: { Decision: 'explained', Note: 'n' } })
    await changeSheet(book, (xml) =>
      xml
        .replace('t="inlineStr"><is><t>acknowledged</t></is>', 't="str"><f>"acknow"&amp;"ledged"</f>')
        .replace('t="inlineStr"><is><t>explained</t></is>', 't="str"><f>1+1</f><v>explained</v>'),
    )
    expect(await outcomes('--yes')).toEqual([0, 'done'])
    expect([(await finding(first))?.status, (await finding(second))?.status]).toEqual(['open', 'resolved'])
  })

  it('copied twice is taken once, and one whose hidden columns were changed is not', async () => {
    const [first, second] = [await idOf('PROCESSOR_MISMATCH'), await idOf('CURRENCY_MISMATCH')]
    await workpaper({ [first]: { Decision: 'acknowledged' }, [second]: { Decision: 'acknowledged' } })
    await changeSheet(book, (xml) => {
      const row = new RegExp(`<row r="(\\d+)"(?:(?!</row>).)*>${first}<.*?</row>`, 's').exec(xml)?.[0] ?? ''
      const other = new RegExp(`<row r="(\\d+)"(?:(?!</row>).)*>${second}<.*?</row>`, 's').exec(xml)?.[0] ?? ''
      const again = row.replace(/<row r="\d+"/, '<row r="900"').replace(/(<c r="[A-Z]+)\d+"/g, '$1900"')
      return xml
        .replace(other, other.replace(/[0-9a-f]{16}<\/t><\/is><\/c><\/row>$/, '0123456789abcdef</t></is></c></row>'))
        .replace('</sheetData>', `${again}</sheetData>`)
    })
    const { code, lines } = await imported('--yes')
    expect(code).toBe(4)
    expect(lines.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['refused', expect.stringContaining('changed since you looked at it')],
      ['done', null],
      ['refused', expect.stringMatching(/^line \d+ is of the same finding/)],
    ])
  })
})

describe('a file', () => {
  it('in which nothing is written asks for nothing', async () => {
    await workpaper({})
    const { code, stdout } = await review('import', book, '--by', 'Ada', '--yes')
    expect([code, stdout]).toEqual([0, 'nothing is written in it\n'])
  })

  it('is not decided from without a terminal or --yes', async () => {
    await workpaper({ [await idOf('AMBIGUOUS_MATCH')]: { Decision: 'acknowledged' } })
    const { code, stderr } = await review('import', book, '--by', 'Ada')
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/would be acknowledged[\s\S]*1 line of .* nothing was decided/),
    ])
    expect((await finding(await idOf('AMBIGUOUS_MATCH')))?.status).toBe('open')
  })

  const sheet = (cells: string): Uint8Array =>
    strToU8(
      `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${cells}</sheetData></worksheet>`,
    )
  it.each<[string, () => Uint8Array, string]>([
    ['that is no workbook', () => strToU8('Id,Decision\n'), 'is no workbook'],
    [
      'that unpacks to a hundred times its size',
      () => zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(64_000_000) }),
      'times its size',
    ],
    [
      'that unpacks to more than 256 MiB',
      () => zipSync(Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`${n}.bin`, new Uint8Array(8_000_000)]))),
      'parts of more than 256 MiB in all',
    ],
    [
      'with a cell in column ZZZZZZ',
      () => zipSync({ 'xl/worksheets/sheet1.xml': sheet('<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>') }),
      'a cell at ZZZZZZ1 in xl/worksheets/sheet1.xml',
    ],
    ['with other sheets', () => zipSync({ 'xl/workbook.xml': strToU8('<workbook/>') }), 'cannot be read as a workbook'],
  ])('%s is refused', async (_what, bytes, why) => {
    writeFileSync(book, bytes())
    const { code, stderr } = await review('import', book, '--yes')
    expect([code, stderr]).toEqual([1, expect.stringContaining(why)])
  })
})
