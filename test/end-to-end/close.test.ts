/** The month end of Harbor Coffee from the shell: two people close October, and a third has only the file. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSheet } from 'read-excel-file/node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { withBusinessLock } from '../../src/database/locks.ts'
import { type Built, buildSource } from '../support/built.ts'
import { type Ended, tieout } from '../support/command.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { FIRST, type Harbor, openHarbor, SECOND } from '../support/harbor.ts'
import { quiet } from '../support/quiet.ts'

const BUSINESS = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'

let built: Built
let database: FreshDatabase
let harbor: Harbor

beforeAll(async () => {
  built = await buildSource()
  database = await freshDatabase()
  harbor = await openHarbor(built, database.url)
  const path = join(harbor.folder, 'tieout.yaml')
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace('    currency: USD\n', '    currency: USD\n    four_eyes: true\n'),
  )
  for (const night of [FIRST, SECOND]) {
    harbor.arrives(night)
    await harbor.nightly(night)
  }
}, 180_000)
afterAll(async () => {
  await harbor.close()
  await database.close()
})

const run = (...words: string[]): Promise<Ended> => harbor.run(...words)
const done = async (...words: string[]): Promise<string> => {
  const { code, stdout, stderr } = await run(...words)
  expect([words, code, stderr]).toEqual([words, 0, expect.anything()])
  return stdout
}
interface Report {
  verdicts: { month: string; verdict: string; signed: object | null }[]
  tie_out: { month: string; measure: string; ledger: number; processor_total: number }[]
  closes: { month: string; state: string; prepared_by: string; reviewed_by: string | null; sha256: string }[]
  roll_forward: { month: string; opening: object; closing: object }[]
  files: { id: number; path: string }[]
}
const reported = async (): Promise<Report> => JSON.parse(await done('report', '--json')) as Report

it('October is prepared by Ada, reviewed by Ben, written to a file, and proved by somebody who has nothing else', async () => {
  const refused = await run('close', '2026-10', '--by', 'Ada Brook')
  expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('2026-10 is discrepant')])
  const shown = await done(
    'close',
    '2026-10',
    '--by',
    'Ada Brook',
    '--accept-open',
    'corrected in November',
    '--dry-run',
  )
  expect(shown).toMatch(/October 2026: to be prepared by Ada Brook; discrepant, accepted: "corrected in November"/)
  expect(shown).toMatch(/Stripe, customer refunds: ledger .* USD, processor .* USD, difference/)
  expect((await reported()).closes).toEqual([])

  await done('close', '2026-10', '--by', 'Ada Brook', '--accept-open', 'corrected in November')
  expect((await reported()).verdicts).toMatchObject([{ month: '2026-10', signed: null }, { month: '2026-11' }])
  const alone = await run('close', '2026-10', '--review', '--by', 'ada brook')
  expect([alone.code, alone.stdout]).toEqual([1, expect.stringContaining('was prepared by Ada Brook: another person')])
  const early = await run('close', '2026-10', '--export', 'october.json')
  expect(early.code).toBe(1)
  const file = join(harbor.folder, 'october.json')
  const reviewed = await done('close', '2026-10', '--review', '--by', 'Ben', '--export', file)
  expect(reviewed).toMatch(/October 2026: closed, prepared by Ada Brook, reviewed by Ben; discrepant/)

  const report = await reported()
  expect(report.closes).toMatchObject([
    { month: '2026-10', state: 'closed', prepared_by: 'Ada Brook', reviewed_by: 'Ben' },
  ])
  await done('report', '--format', 'xlsx', '--output', 'signed.xlsx')
  const cover = await readSheet(join(harbor.folder, 'signed.xlsx'), 'Cover')
  const signatures = cover.filter(([label]) => label === 'Prepared by' || label === 'Reviewed by')
  expect(signatures.map(([label, name, on]) => [label, name, on instanceof Date])).toEqual([
    ['Prepared by', 'Ada Brook', true],
    ['Reviewed by', 'Ben', true],
  ])
  expect(report.verdicts[0]).toMatchObject({
    signed: { prepared_by: 'Ada Brook', reviewed_by: 'Ben', sha256: report.closes[0]?.sha256 },
  })
  expect(await done('close', '2026-10', '--verify')).toMatch(/it is as it was signed[\s\S]*the chain of events holds/)
  expect(await done('review', 'verify', '--against', file)).toMatch(
    /nothing was changed or cut off since october\.json/,
  )

  const elsewhere = mkdtempSync(join(tmpdir(), 'tieout-auditor-'))
  try {
    const copy = join(elsewhere, 'october.json')
    writeFileSync(copy, readFileSync(file))
    const proved = await tieout(built, elsewhere, ['verify', 'october.json'])
    expect([proved.code, proved.stderr]).toEqual([0, ''])
    expect(proved.stdout).toMatch(
      /Harbor Coffee, 2026-10: prepared by Ada Brook, reviewed by Ben[\s\S]*The file is as it was signed/,
    )
    writeFileSync(
      copy,
      readFileSync(file, 'utf8').replace(/"ledger": (\d+)/, (_, ledger) => `"ledger": ${Number(ledger) + 1}`),
    )
    const other = await tieout(built, elsewhere, ['verify', 'october.json'])
    expect([other.code, other.stdout]).toEqual([1, expect.stringContaining('NOT as it was signed')])
    const none = await tieout(built, elsewhere, ['verify', 'november.json'])
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('there is no such file')])
  } finally {
    rmSync(elsewhere, { recursive: true })
  }
}, 120_000)

it('no repair changes a figure of October any more, until it is opened again', async () => {
  const before = await reported()
  const [file] = before.files
  const october = (report: Report) => report.tie_out.filter(({ month }) => month === '2026-10')
  for (const words of [
    ['files', 'withdraw', String(file?.id)],
    ['files', 'cover', String(file?.id), '2026-10-05..2026-10-06'],
  ]) {
    const { code, stdout } = await run(...words, '--by', 'Ada', '--note', 'a mistake')
    expect([code, stdout]).toEqual([1, expect.stringContaining('it would change figures of 2026-10, which is closed')])
    expect(stdout).toContain('tieout reopen-month 2026-10')
  }
  const again = await run('import', '--again', file?.path ?? '', '--by', 'Ada', '--note', 'another mapping')
  expect(again.code).not.toBe(0)
  expect(`${again.stdout}${again.stderr}`).toContain('it would change figures of 2026-10, which is closed')
  await done('reconcile', '--as-of', SECOND.as_of)
  expect(october(await reported())).toEqual(october(before))

  const unsaid = await run('reopen-month', '2026-10', '--by', 'Ada')
  expect([unsaid.code, unsaid.stderr]).toEqual([2, expect.stringContaining('--note')])
  await done('reopen-month', '2026-10', '--by', 'Ada', '--note', 'a file was wrong')
  expect((await reported()).closes).toMatchObject([{ month: '2026-10', state: 'superseded', prepared_by: 'Ada Brook' }])
  await done('files', 'cover', String(file?.id), '2026-10-05..2026-10-06', '--by', 'Ada', '--note', 'a mistake')
}, 120_000)

it('a close waits for a run at work on the business, and says since when', async () => {
  await withBusinessLock(database, { id: BUSINESS, name: 'Harbor Coffee' }, quiet, async () => {
    const { code, stdout } = await run('close', '2026-10', '--by', 'Ada', '--accept-open', 'later')
    expect([code, stdout]).toEqual([
      1,
      expect.stringContaining('another run has been at work on it for the last 5 seconds'),
    ])
  })
}, 60_000)
