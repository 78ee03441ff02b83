import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'csv-parse/sync'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UsageFault } from '../../../src/core/errors.ts'
import { writeReports } from '../../../src/report/reports.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { HARBOR, storeHarbor } from './harbor.ts'

let database: FreshDatabase
let folder: string
let workbook: string

const sheetNames = ['Cover', 'Tie-out', 'Discrepancies', 'Roll-forward', 'Effects', 'Matched', 'Quarantine', 'Sources']

const write = async (output: string | null, business_ids: readonly string[] = [HARBOR]): Promise<string[]> =>
  await writeReports(
    database,
    { hash: 'c0ffee', reports: { dir: folder, formats: ['xlsx'], url: null, per_business: false } },
    {
      as_of: null,
      generated_at: '2026-11-02T17:00:00Z',
      formats: ['xlsx'],
      output,
      from: null,
      to: null,
      business_ids,
      made_by: 'ada@books',
      stdout: null,
    },
  )

beforeAll(async () => {
  database = await freshDatabase()
  await storeHarbor(database)
  folder = await mkdtemp(join(tmpdir(), 'tieout-workpaper-'))
  workbook = (await write(folder))[0] ?? ''
})

afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

const partsOf = async (path: string): Promise<Record<string, string>> =>
  Object.fromEntries(Object.entries(unzipSync(await readFile(path))).map(([name, bytes]) => [name, strFromU8(bytes)]))

const sheet = async (name: string): Promise<string> => {
  const parts = await partsOf(workbook)
  return parts[`xl/worksheets/sheet${sheetNames.indexOf(name) + 1}.xml`] ?? ''
}

test('the workbook is named after the business and the period, and has its eight sheets', async () => {
  expect(basename(workbook)).toBe('workpaper-harbor-coffee-5b0c8f4e-all-months.xlsx')
  const parts = await partsOf(workbook)
  const shown = [...(parts['xl/workbook.xml'] ?? '').matchAll(/<sheet name="([^"]+)"/g)].map(([, name]) => name)
  expect(shown).toEqual(sheetNames)
  expect(Object.keys(parts).filter((name) => /vba|external|macro/i.test(name))).toEqual([])
})

test('the same report gives the same bytes', async () => {
  const [again] = await write(join(folder, 'again.xlsx'))
  expect(await readFile(again ?? '')).toEqual(await readFile(workbook))
})

test('amounts are numbers with the cents of the currency, the difference is a live formula', async () => {
  const findings = await sheet('Discrepancies')
  expect(findings).toMatch(/<c r="F5" s="\d+"><v>50\.00<\/v><\/c>/)
  expect(findings).toMatch(/<c r="G5" s="\d+"><v>40\.00<\/v><\/c>/)
  expect(findings).toContain('<f>ROUND(F5-G5,2)</f><v>10.00</v>')
})

test('dates are dates of the spreadsheet: 2026-10-14 is day 46309', async () => {
  expect(await sheet('Discrepancies')).toMatch(/<c r="D4" s="\d+"><v>46309<\/v><\/c>/)
})

test('the id and the row hash are there, hidden; the columns for a decision are empty', async () => {
  const findings = await sheet('Discrepancies')
  expect(findings.match(/hidden="1"/g)).toHaveLength(4)
  expect(findings).toContain('>d21<')
  expect(findings).toContain('"acknowledged,corrected,waived,explained"')
  expect(findings).toContain('<autoFilter ref="A3:AT9"/>')
  expect(findings).toContain('state="frozen"')
})

test('what a person decides stands beside the finding on paper: landscape, as wide as the page, headings on each', async () => {
  const findings = await sheet('Discrepancies')
  const headings = [...findings.matchAll(/<c r="([A-Z]+)3"[^>]*><is><t xml:space="preserve">([^<]*)/g)]
  expect(headings.slice(8, 15).map(([, column, title]) => `${column} ${title}`)).toEqual([
    ...['I What is wrong', 'J What to do', 'K Settled', 'L Decision', 'M Note', 'N Owner', 'O Due date'],
  ])
  const book = (await partsOf(workbook))['xl/workbook.xml'] ?? ''
  expect(book).toContain(`name="_xlnm.Print_Area" localSheetId="2">'Discrepancies'!$A$1:$O$9<`)
  expect(book).toContain(`name="_xlnm.Print_Titles" localSheetId="2">'Discrepancies'!$3:$3<`)
  expect(findings).toContain('<pageSetup orientation="landscape" fitToWidth="1" fitToHeight="0"/>')
})

test('the cover has room for the signatures of October, and says what there is to conclude', async () => {
  const cover = await sheet('Cover')
  for (const said of ['Sign-off of October 2026', 'Prepared by', 'Reviewed by', 'Conclusion', 'As of 2026-11-02'])
    expect(cover).toContain(said)
})

test('the cover counts by age what is open: three errors, one that waits and one for information', async () => {
  const cover = await sheet('Cover')
  const counts = [
    ...cover.matchAll(
      /<f>COUNTIFS\([^<]*,"(2-7 days|8-30 days|31-60 days)",[^<]*"(error|timing|info)",[^<]*"&lt;&gt;resolved\*"\)<\/f><v>(\d)<\/v>/g,
    ),
  ]
  expect(counts.map(([, age, kind, count]) => `${age} ${kind} ${count}`)).toEqual([
    ...['2-7 days error 0', '2-7 days timing 1', '2-7 days info 0'],
    ...['8-30 days error 3', '8-30 days timing 0', '8-30 days info 0'],
    ...['31-60 days error 0', '31-60 days timing 0', '31-60 days info 1'],
  ])
})

test('the cover says who and what made it, and from which configuration', async () => {
  const cover = await sheet('Cover')
  expect(cover).toContain('ada@books')
  expect(cover).toContain('c0ffee')
  expect(cover).toMatch(/Tieout \d+\.\d+\.\d+/)
  expect(cover).toContain(
    'October 2026, to be closed, the worst: INCOMPLETE: the vendor refunds were not pulled completely.',
  )
  expect(cover).toContain('incomplete')
})

test('text that begins like a formula is text, in a cell that stays text', async () => {
  await database.query(
    `update processor_row set refund_id = '=HYPERLINK("http://x","y")' where transaction_id = 'txn_11'`,
  )
  const [path = ''] = await write(join(folder, 'formula.xlsx'))
  await database.query(`update processor_row set refund_id = 're_11' where transaction_id = 'txn_11'`)
  const findings = (await partsOf(path))['xl/worksheets/sheet3.xml'] ?? ''
  expect(findings).toMatch(/t="inlineStr"><is><t xml:space="preserve">=HYPERLINK\(/)
  expect([...findings.matchAll(/<f>([^<]*)<\/f>/g)].every(([, formula]) => /^ROUND\(/.test(formula ?? ''))).toBe(true)
})

test('one .xlsx file for two businesses is refused, saying to name a folder', async () => {
  const second = '6c1d9a5f-4a1b-4b66-8e1f-1d2e6a2a8b02'
  await database.query(
    `insert into business (business_id, name, currency, time_zone, ledger_lag_days) values ('${second}', 'Second', 'USD', 'UTC', 2)`,
  )
  await expect(write(join(folder, 'both.xlsx'), [HARBOR, second])).rejects.toThrow(UsageFault)
  expect((await write(join(folder, 'both'), [HARBOR, second])).map((path) => basename(path))).toEqual([
    'workpaper-harbor-coffee-5b0c8f4e-all-months.xlsx',
    'workpaper-second-6c1d9a5f-all-months.xlsx',
  ])
})

/** LibreOffice's setting for "recalculation on file load: always"; it would show the stored values otherwise. */
const ALWAYS_CALCULATE = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>`

const office = ['/usr/bin/soffice', '/usr/local/bin/soffice', '/usr/bin/libreoffice'].find((path) => existsSync(path))
const skipped = office === undefined && process.env['CI'] !== 'true'

describe.skipIf(skipped)(
  `recalculated by LibreOffice${skipped ? ' (not installed: apt-get install libreoffice-calc-nogui)' : ''}`,
  () => {
    /** Every sheet as rows of cells, as LibreOffice shows them after it has calculated all formulas anew. */
    const recalculated = async (path: string): Promise<Record<string, string[][]>> => {
      const out = await mkdtemp(join(folder, 'office-'))
      await mkdir(join(out, 'profile', 'user'), { recursive: true })
      await writeFile(join(out, 'profile', 'user', 'registrymodifications.xcu'), ALWAYS_CALCULATE)
      const filter = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1'
      await promisify(execFile)(office ?? 'soffice', [
        `-env:UserInstallation=file://${join(out, 'profile')}`,
        '--headless',
        '--convert-to',
        filter,
        '--outdir',
        out,
        path,
      ])
      const sheets: Record<string, string[][]> = {}
      for (const name of await readdir(out)) {
        const found = /-([^-]+|Tie-out|Roll-forward)\.csv$/.exec(name)
        if (found?.[1])
          sheets[found[1]] = parse(await readFile(join(out, name)), { relax_column_count: true, bom: true })
      }
      return sheets
    }

    const FIGURES = ['ledger', 'processor_total', 'difference', 'explained', 'unexplained', 'gross'] as const

    const totals = (sheets: Record<string, string[][]>): string[] | undefined =>
      sheets['Tie-out']?.find((row) => row[0] === 'Total')?.slice(6, 12)

    const footing = (sheets: Record<string, string[][]>): string[] | undefined =>
      sheets['Tie-out']?.find((row) => row[0] === 'Total')?.slice(12, 16)

    test('it is printed: landscape, and no sheet is wider than its page', async () => {
      const out = await mkdtemp(join(folder, 'print-'))
      await promisify(execFile)(office ?? 'soffice', [
        `-env:UserInstallation=file://${join(out, 'profile')}`,
        ...['--headless', '--convert-to', 'pdf', '--outdir', out, workbook],
      ])
      const pdf = await readFile(join(out, basename(workbook).replace('.xlsx', '.pdf')), 'latin1')
      const boxes = [...pdf.matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/g)].map(([, width, height]) => [
        Number(width),
        Number(height),
      ])
      // the cover has two pages at most, each other sheet one
      const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0
      expect(pages).toBeGreaterThanOrEqual(sheetNames.length)
      expect(pages).toBeLessThanOrEqual(sheetNames.length + 1)
      expect(boxes.every(([width = 0, height = 0]) => width > height)).toBe(true)
    }, 120_000)

    test('its totals are those of the JSON report', async () => {
      // One cent less than the amount beyond a float, so that fifteen digits hold it.
      await database.query(`
      update tie_out_line set ledger = ledger - 9007199254740993 + 900, difference = difference - 9007199254740993 + 900,
        explained = explained - 9007199254740993 + 900, gross = gross - 9007199254740993 + 900 where month = '2026-10';
      update discrepancy_effect set amount = 900 where amount = 9007199254740993`)
      const [path = ''] = await write(join(folder, 'small.xlsx'))
      const sheets = await recalculated(path)
      const [json = ''] = await writeReports(
        database,
        { hash: 'c0ffee', reports: { dir: folder, formats: ['json'], url: null, per_business: false } },
        {
          as_of: null,
          generated_at: '2026-11-02T17:00:00Z',
          formats: ['json'],
          output: join(folder, 'small.json'),
          from: null,
          to: null,
          business_ids: [HARBOR],
          stdout: null,
        },
      )
      const { tie_out }: { tie_out: Record<(typeof FIGURES)[number], number>[] } = JSON.parse(
        await readFile(json, 'utf8'),
      )
      const stated = FIGURES.map((figure) => String(tie_out.reduce((sum, line) => sum + line[figure], 0) / 100))
      expect(totals(sheets)).toEqual(stated)
      // ledger 20.00 + 59.00, processors 0.00 + 105.00; the effects: 20.00; -45.00 + 10.00 - 20.00 + 9.00
      expect(totals(sheets)).toEqual(['79', '105', '-26', '-26', '0', '104'])
      // matched are 40.00: the ledger alone has 20.00, 10.00 and 9.00, the processors alone 45.00 and 20.00
      expect(footing(sheets)).toEqual(['40', '39', '65', '0'])
      expect(sheets['Roll-forward']?.find((row) => row[0] === '2026-10' && row[4] === 'refunds')?.slice(5)).toEqual([
        ...['20', '-46', '0', '0', '0', '-26'],
      ])
      expect(sheets['Cover']?.find((row) => row[0] === 'Proof')?.[1]).toBe(
        'The findings explain every difference to the cent.',
      )
      expect(sheets['Cover']?.find((row) => row[0] === 'Amount differs')?.slice(1, 4)).toEqual(['1', '0', '0'])

      const parts = unzipSync(await readFile(path))
      const xml = strFromU8(parts['xl/worksheets/sheet2.xml'] ?? new Uint8Array())
      const changed = xml.replace('<v>20.00</v>', '<v>23.00</v>')
      expect(changed).not.toBe(xml)
      const edited = join(folder, 'edited.xlsx')
      await writeFile(edited, zipSync({ ...parts, 'xl/worksheets/sheet2.xml': strToU8(changed) }))
      const after = await recalculated(edited)
      expect(footing(after)).toEqual(['43', '39', '65', '-3'])
      expect(totals(after)).toEqual(['82', '105', '-23', '-26', '3', '104'])
      expect(after['Cover']?.find((row) => row[0] === 'Proof')?.[1]).toContain('NOT EXPLAINED')
    }, 180_000)
  },
)
