import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Built, buildSource } from '../support/built.ts'
import { copyDatabase, type FreshDatabase, freshDatabase } from '../support/database.ts'
import { FIRST, type Harbor, listing, openHarbor, SECOND, settled } from '../support/harbor.ts'
import { hold } from '../support/hold.ts'
import { placesOf } from '../support/tables.ts'

let built: Built
/** as the first night left it */
let after_first: FreshDatabase
let report: string
let database: FreshDatabase
let harbor: Harbor

beforeAll(async () => {
  built = await buildSource()
  after_first = await freshDatabase()
  harbor = await openHarbor(built, after_first.url)
  harbor.arrives(FIRST)
  expect((await harbor.nightly(FIRST)).code).toBe(0)
  report = settled(harbor.text(FIRST))
  await harbor.close()
})
afterAll(async () => {
  await after_first.close()
})
beforeEach(async () => {
  database = await copyDatabase(after_first)
  harbor = await openHarbor(built, database.url)
  harbor.arrives(FIRST)
})
afterEach(async () => {
  await harbor.close()
  await database.close()
})

/** Refunds, rows, matches and findings: what a night that brings nothing new must not write again. */
const KEPT = [
  'discrepancy',
  'discrepancy_effect',
  'ledger_leg',
  'ledger_page',
  'ledger_refund',
  'match_item',
  'processor_file',
  'processor_row',
]

const kept = async (): Promise<[string, string | undefined][]> => {
  const places = await placesOf(database)
  return KEPT.map((table) => [table, places[table]])
}

describe('the same night a second time', () => {
  it('writes no refund, row, match or finding again, and reports the same but for ids and clock times', async () => {
    const before = await kept()
    const ended = await harbor.nightly(FIRST)
    expect(ended.code).toBe(0)
    expect(ended.stdout).toContain('(nothing new)')
    expect(ended.stdout).toContain('4 files were imported before')
    expect(await kept()).toEqual(before)
    expect(before.filter(([, places]) => /^[1-9]/.test(places ?? '')).length).toBe(KEPT.length)
    expect(settled(harbor.text(FIRST))).toBe(report)
  })

  it('says the same after the files came under other names and the listing in another order', async () => {
    for (const { path, text } of FIRST.files)
      writeFileSync(join(harbor.folder, path.replace('.csv', '-again.csv')), text)
    const backwards = { ...FIRST, customer: FIRST.customer.toReversed(), vendor: FIRST.vendor.toReversed() }
    harbor.answers(listing(backwards))
    expect((await harbor.nightly(FIRST)).code).toBe(0)
    const { discrepancies, tie_out, verdicts } = harbor.report(FIRST)
    expect({ discrepancies, tie_out, verdicts }).toEqual(
      (({ discrepancies, tie_out, verdicts }) => ({ discrepancies, tie_out, verdicts }))(JSON.parse(report)),
    )
  })

  it('says the same of the second night, whether or not the first was reported again in between', async () => {
    harbor.arrives(SECOND)
    expect((await harbor.nightly(SECOND)).code).toBe(0)
    const text = harbor.text(SECOND)
    expect((await harbor.nightly(FIRST)).code).toBe(0)
    expect((await harbor.nightly(SECOND)).code).toBe(0)
    expect(settled(harbor.text(SECOND))).toBe(settled(text))
  })
})

describe('a night with something wrong in it', () => {
  it('takes the good files of an inbox, names the bad one, and exits with 4', async () => {
    harbor.arrives(SECOND)
    writeFileSync(join(harbor.folder, 'inbox/stripe/notes.csv'), 'Dear all,\nplease find the file attached.\n')
    const ended = await harbor.nightly(SECOND)
    expect(ended.code).toBe(4)
    expect(ended.stderr).toContain('notes.csv: no report format known')
    expect(ended.stdout).toContain('FAILED: notes.csv')
    const { files, verdicts, runs } = harbor.report(SECOND)
    expect(files.length).toBe(6)
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['discrepant', 'waiting'])
    expect(runs[0]?.problem).toContain('notes.csv')
  })

  it('exits with 1 where the database cannot be reached, and names no password', async () => {
    harbor.environment['DATABASE_URL'] = 'postgres://tieout:hush-hush-password@127.0.0.1:1/books'
    const ended = await harbor.nightly(FIRST)
    expect(ended.code).toBe(1)
    expect(ended.stdout).toBe('')
    expect(ended.stderr).toContain('tieout@127.0.0.1:1/books')
    expect(ended.stderr).not.toContain('hush')
  })

  it('exits with 4 where Layer failed, though errors are open and it was asked to exit with 3 for them', async () => {
    harbor.answers(() => ({ status: 403, body: { type: 'AuthFailure', description: 'not your business' } }))
    const ended = await harbor.nightly(FIRST, '--exit-code')
    expect(ended.code).toBe(4)
    expect(ended.stdout).toMatch(/[1-9]\d* items? to correct/)
  })
})

describe('a second nightly at the same time', () => {
  it('says that it waits, then finds all done', async () => {
    harbor.arrives(SECOND)
    const words = ['nightly', '--as-of', SECOND.as_of]
    const held = await hold(database, 'lock table ledger_refund in exclusive mode')
    const first = harbor.start(...words)
    await held.awaited()
    const second = harbor.start(...words)
    await second.says('another run is at work on this business: waiting for it')
    await held.release()
    const ends = [await first.ended, await second.ended]
    expect(ends.map(({ code }) => code)).toEqual([0, 0])
    expect(ends[0]?.stdout).toContain('162 customer refunds from Layer (1 gone)')
    expect(ends[1]?.stdout).toContain('162 customer refunds from Layer (nothing new)')
  })
})

describe('stdout carries the result alone', () => {
  it('one JSON document with --json for each command, and log lines on stderr', async () => {
    const [file] = FIRST.files
    const commands = [
      ['nightly', '--as-of', FIRST.as_of],
      ['pull', '--as-of', FIRST.as_of],
      ['import', file?.path ?? '', '--processor', 'STRIPE'],
      ['reconcile', '--as-of', FIRST.as_of],
      ['report', '--as-of', FIRST.as_of],
      ['report', '--output', 'elsewhere'],
      ['status'],
      ['doctor', '--as-of', FIRST.as_of],
      ['migrate'],
      ['formats'],
    ]
    const spoken: string[] = []
    for (const words of commands) {
      const { stdout, stderr, code } = await harbor.run(...words, '--json', '--verbose')
      expect([words, code]).toEqual([words, 0])
      expect(JSON.parse(stdout).schema, words.join(' ')).toMatch(/^tieout\.[a-z-]+\/\d$/)
      for (const line of stderr.split('\n').filter((each) => each !== '')) spoken.push(JSON.parse(line).level)
    }
    expect([...new Set(spoken)].sort()).toEqual(['debug', 'info'])
  })

  it('nothing but a sentence on stderr where the usage is wrong', async () => {
    const ended = await harbor.run('nightly', '--as-of', 'last Tuesday')
    expect(ended).toEqual({
      code: 2,
      stdout: '',
      stderr: 'tieout: --as-of last Tuesday: expected an instant such as 2026-11-03T06:00:00Z\n',
    })
  })
})
