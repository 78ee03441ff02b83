import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { MappingConfig } from '../../../src/config/config.ts'
import type { Format, ReadingContext } from '../../../src/processor/formats/format.ts'
import { mappingFormat } from '../../../src/processor/formats/mapping/mapping.ts'
import { stripeItemized } from '../../../src/processor/formats/stripe/itemized.ts'
import { readReport } from '../../../src/processor/read-report.ts'

const folder = mkdtempSync(join(tmpdir(), 'tieout-shifted-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const CONTEXT: ReadingContext = {
  ...{ processor: 'BILLPAY', account: '', currency: 'USD', businessTimeZone: 'UTC', fileTimeZone: 'UTC' },
  ...{ referenceColumns: [], dateOrder: null, fileName: 'a.csv', distinctFile: null },
}

const MAPPING: MappingConfig = {
  delimiter: ',',
  columns: {
    ...{ transaction_id: 'Id', type: 'Kind', refund_id: 'Refund', payment_id: null, references: [], amount: 'Amount' },
    ...{ fee: null, returned_fee: null, currency: 'Currency', occurred_at: 'Date' },
    ...{ debit: null, credit: null, time: null, zone: null },
  },
  types: { Refund: 'refund' },
  status: null,
  amount_unit: 'major',
  refund_sign: 'negative',
  vendor_refund_sign: 'negative',
  fee_sign: 'positive',
  date_format: 'yyyy-MM-dd',
  time_zone: 'UTC',
  refund_id_pattern: null,
  payment_id_pattern: null,
}

/** What is read of the lines of a file: 'refund_id amount', or 'line N aside'. */
const read = async (format: Format, lines: readonly string[]): Promise<string[]> => {
  const path = join(folder, 'a.csv')
  writeFileSync(path, `${lines.join('\n')}\n`)
  const said: string[] = []
  await readReport(path, [format], CONTEXT, ({ rows, unreadable }) => {
    for (const row of rows) said.push(`${row.refund_id} ${row.amount}`)
    for (const { line, raw } of unreadable) said.push(`line ${line} aside: ${raw}`)
  })
  return said
}

const HEADER = 'Id,Date,Kind,Amount,Currency,Customer,Refund,Note'
const WHOLE = [
  'T1,2026-10-30,Refund,-25.00,USD,Ann Example,RF1,',
  'T2,2026-10-30,Refund,-3.00,USD,Ben Example,RF2,late',
]
const SHIFTED = 'T3,2026-10-30,Refund,-45.00,USD,Smith, John,RF3,'
const ASIDE = 'aside: Id=T3,Date=2026-10-30,Kind=Refund,Amount=-45.00,Currency=USD'

test("a refund of 45.00 whose customer 'Smith, John' is not quoted is quarantined: John is no refund id", async () => {
  const mapping = mappingFormat(MAPPING, 'BILLPAY')
  expect(await read(mapping, [HEADER, ...WHOLE, SHIFTED])).toEqual(['RF1 2500', 'RF2 300', `line 4 ${ASIDE}`])
  expect(await read(mapping, [HEADER, SHIFTED])).toEqual([`line 2 ${ASIDE}`])
  expect(await read(mapping, [HEADER, SHIFTED.replace('Smith, John', '"Smith, John"')])).toEqual(['RF3 4500'])
})

test('so is every line of a file in which no customer is quoted, and a line with more than one such text', async () => {
  const mapping = mappingFormat(MAPPING, 'BILLPAY')
  const all = ['T3', 'T4', 'T5'].map((id) => SHIFTED.replace('T3', id))
  expect(await read(mapping, [HEADER, ...all])).toEqual([
    `line 2 ${ASIDE}`,
    `line 3 ${ASIDE.replace('T3', 'T4')}`,
    `line 4 ${ASIDE.replace('T3', 'T5')}`,
  ])
  const twice = SHIFTED.replace('Smith, John', 'Smith, John, Jr').replace('RF3,', ',')
  expect(await read(mapping, [`${HEADER},Memo`, `${twice},`])).toEqual([`line 2 ${ASIDE}`])
})

test('empty cells at the end of a line whose other cells fit do not matter', async () => {
  expect(await read(mappingFormat(MAPPING, 'BILLPAY'), [HEADER, `${WHOLE[0]},`, `${WHOLE[1]},,`, SHIFTED])).toEqual([
    'RF1 2500',
    'RF2 300',
    `line 4 ${ASIDE}`,
  ])
  const typed = 'Id,Refund,Customer,Kind,Amount,Currency,Date'
  const line = 'T1,RF1,Ann Example,Refund,-25.00,USD,2026-10-30'
  expect(await read(mappingFormat(MAPPING, 'BILLPAY'), [typed, `${line},`, line.replace('T1', 'T2')])).toEqual([
    ...['RF1 2500', 'RF1 2500'],
  ])
  const stripe =
    'balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,description,reporting_category,source_id,charge_id'
  expect(
    await read(stripeItemized, [
      stripe,
      'txn_1,2026-10-31 14:00:00,,usd,-25.00,0.00,a cup,refund,re_1,ch_1,,',
      'txn_2,2026-10-31 14:00:00,,usd,-3.00,0.00,a pot,refund,re_2,ch_1',
    ]),
  ).toEqual(['re_1 2500', 're_2 300'])
})

test('a customer without a refund id is quarantined too, and so is a line whose note may be the id', async () => {
  const mapping = mappingFormat(MAPPING, 'BILLPAY')
  expect(await read(mapping, [HEADER, SHIFTED.replace('RF3', '')])).toEqual([`line 2 ${ASIDE}`])
  expect(await read(mapping, [HEADER, `${SHIFTED.replace('Smith, John', 'Ann Example')}17,`])).toEqual([
    `line 2 ${ASIDE}`,
  ])
})

test('a file all of whose lines end in a delimiter too many is read, with refunds of 25.00, 3.00 and 1.00', async () => {
  const mapping = mappingFormat(MAPPING, 'BILLPAY')
  const lines = [...WHOLE, 'T4,2026-10-30,Refund,-1.00,USD,Cy Example,RF4,'].map((line) => `${line},`)
  expect(await read(mapping, [HEADER, ...lines])).toEqual(['RF1 2500', 'RF2 300', 'RF4 100'])
  expect(await read(mapping, [HEADER, ...lines, `${SHIFTED},`])).toEqual([
    ...['RF1 2500', 'RF2 300', 'RF4 100'],
    `line 5 ${ASIDE}`,
  ])
})

test('a line without its last, empty cell is read, unless it may lack the cell of the refund', async () => {
  const mapping = mappingFormat(MAPPING, 'BILLPAY')
  const third = 'T4,2026-10-30,Refund,-1.00,USD,Cy Example,RF4,called'
  const short = 'T5,2026-10-30,Refund,-7.00,USD,Dee Example,RF5'
  expect(await read(mapping, [HEADER, ...WHOLE, third, short])).toEqual([
    ...['RF1 2500', 'RF2 300', 'RF4 100', 'RF5 700'],
  ])
  // 'late' is the note, and the refund is missing: nobody can tell
  const lost = 'T5,2026-10-30,Refund,-7.00,USD,Dee Example,late'
  expect((await read(mapping, [HEADER, ...WHOLE, third, lost])).at(-1)).toContain('line 5 aside')
  // two cells are missing
  expect((await read(mapping, [HEADER, ...WHOLE, third, 'T5,2026-10-30,Refund,-7.00,USD,Dee'])).at(-1)).toContain(
    'line 5 aside',
  )
})

test('ids that a spreadsheet made numbers of refuse the file, dates of one line in its way set that line aside', async () => {
  const mapping = mappingFormat(MAPPING, 'BILLPAY')
  await expect(read(mapping, [HEADER, WHOLE[0] ?? '', WHOLE[1]?.replace('RF2', '1.23457E+16') ?? ''])).rejects.toThrow(
    "a.csv, line 3: an id is '1.23457E+16': the file was opened and saved with a spreadsheet such as Excel",
  )
  const stripe = 'balance_transaction_id,created_utc,currency,gross,fee,reporting_category,source_id'
  const line = (id: number, created: string): string => `txn_${id},${created},usd,-25.00,0.00,refund,re_${id}`
  const damaged = [line(1, '10/5/2026 10:00'), line(2, '10/6/2026 9:30')]
  await expect(read(stripeItemized, [stripe, ...damaged])).rejects.toThrow(
    "a.csv, line 2: created_utc is '10/5/2026 10:00', expected a date and time such as 2026-10-31 23:59:59: the file was opened",
  )
  expect(await read(stripeItemized, [stripe, line(1, '2026-10-05 10:00:00'), damaged[1] ?? ''])).toEqual([
    're_1 2500',
    'line 3 aside: balance_transaction_id=txn_2,created_utc=10/6/2026 9:30,currency=usd,gross=-25.00,fee=0.00,reporting_category=refund,source_id=re_2',
  ])
})

test("a mapping's words and statuses are known in any case", async () => {
  const status = { column: 'Note', settled: ['Settled'] }
  const mapping = mappingFormat({ ...MAPPING, status }, 'BILLPAY')
  const lines = WHOLE.map((each) => each.replace('Refund', 'REFUND').replace(/,(?:late)?$/, ',settled'))
  expect(await read(mapping, [HEADER, ...lines])).toEqual(['RF1 2500', 'RF2 300'])
  const apart = mappingFormat({ ...MAPPING, types: { Refund: 'refund', REFUND: 'other' } }, 'BILLPAY')
  expect(await read(apart, [HEADER, ...lines])).toEqual(['RF1 -2500', 'RF2 -300'])
})

test('a mapped file with the year first is refused where every date is as a spreadsheet writes it', async () => {
  const mapping = mappingFormat(MAPPING, 'BILLPAY')
  const damaged = WHOLE.map((line) => line.replace('2026-10-30', '10/30/2026'))
  await expect(read(mapping, [HEADER, ...damaged])).rejects.toThrow(
    "a.csv, line 2: Date is '10/30/2026', expected a date written as yyyy-MM-dd: the file was opened and saved with a spreadsheet",
  )
  // where tieout.yaml has the day first, its own way to write dates is the likelier mistake
  const dayFirst = mappingFormat({ ...MAPPING, date_format: 'dd.MM.yyyy' }, 'BILLPAY')
  expect((await read(dayFirst, [HEADER, ...damaged])).map((line) => line.slice(0, 12))).toEqual([
    ...['line 2 aside', 'line 3 aside'],
  ])
})
