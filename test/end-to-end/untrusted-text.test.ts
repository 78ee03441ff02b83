/** Names of files and texts of refunds that would rewrite a terminal: no output holds them as they are. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Built, buildSource } from '../support/built.ts'
import type { Ended } from '../support/command.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { FIRST, type Harbor, openHarbor } from '../support/harbor.ts'

/** Clears the screen, colours, a C1 escape, turned writing, an invisible character, a line of one's own. */
const WILD = '\u001b[2J\u001b[31mx\u009b2J\u202e\u2066y\u200b\n0 errors open\u2028z'
/** As a line holds it: ids are trimmed of nothing in their middle. */
const ID = `re_${WILD}`

let built: Built
let database: FreshDatabase
let harbor: Harbor
const outputs: [words: string, ended: Ended][] = []

const run = async (...words: string[]): Promise<Ended> => {
  const ended = await harbor.run(...words)
  outputs.push([words.join(' '), ended])
  return ended
}

beforeAll(async () => {
  built = await buildSource()
  database = await freshDatabase()
  harbor = await openHarbor(built, database.url)
  harbor.arrives(FIRST)
  const [pattern] = FIRST.files
  const inbox = join(harbor.folder, dirname(pattern?.path ?? ''))
  mkdirSync(inbox, { recursive: true })
  const lines = (id: string) =>
    `balance_transaction_id,created_utc,currency,gross,fee,net,reporting_category,source_id,charge_id
"txn_${id}",2026-10-05 12:00:00,usd,-12.50,0.00,-12.50,refund,"${id}",ch_1
"txn_2${id}",${WILD.replaceAll('\n', ' ')},usd,-12.50,0.00,-12.50,refund,re_2,ch_1
`
  writeFileSync(join(inbox, `good ${WILD}.csv`), lines(ID))
  writeFileSync(join(inbox, `bad ${WILD}.csv`), `no,report\n${WILD},1\n`)
  writeFileSync(join(harbor.folder, 'wild.csv'), lines(`${ID}2`))
  const listed = FIRST.customer.map((refund, index) => (index === 0 ? { ...refund, reference_number: WILD } : refund))
  const broken = { id: ID, refunded_amount: WILD, completed_at: WILD }
  harbor.answers(({ url }) => ({ body: url.includes('/invoices/') ? [...listed, broken] : [...FIRST.vendor] }))
})
afterAll(async () => {
  await harbor.close()
  await database.close()
})

it('whatever is asked, in success and in failure, for people and for programs', async () => {
  expect((await run('nightly', '--as-of', FIRST.as_of, '--verbose')).code).toBe(4)
  await run('nightly', '--as-of', FIRST.as_of, '--json')
  for (const words of [
    ['status'],
    ['doctor'],
    ['files', 'list'],
    ['quarantine', 'list'],
    ['report'],
    ['explain', ID],
  ]) {
    await run(...words)
    await run(...words, '--json')
  }
  await run('report', '--format', 'csv')
  const set_aside = JSON.parse((await run('quarantine', 'list', '--json')).stdout).quarantine as { id: number }[]
  for (const { id } of set_aside) await run('quarantine', 'show', String(id))
  await run('quarantine', 'dismiss', String(set_aside[0]?.id), '--by', WILD, '--note', WILD)
  await run('quarantine', 'show', String(set_aside[0]?.id))
  await run('import', '--preview', '--processor', 'STRIPE', 'wild.csv')
  await run('import', '--processor', 'STRIPE', `not ${WILD}.csv`)
  await run('import', '--processor', WILD, 'wild.csv', '--json')
  await run('report', '--format', WILD, '--json')
  await run(WILD)
  await run('report', `--${WILD}`, '--json')
  const hidden = /(?![\n\t]|\r\n|^\ufeff)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
  for (const [words, { stdout, stderr }] of outputs) {
    expect([words, hidden.exec(stdout)?.[0], hidden.exec(stderr)?.[0]]).toEqual([words, undefined, undefined])
    // the line that a file's name would fake; a cell of CSV may hold lines
    if (!words.endsWith('csv')) expect([words, /^0 errors open/m.test(stdout)]).toEqual([words, false])
  }
  const all = outputs.map(([, { stdout, stderr }]) => stdout + stderr).join('')
  expect(all).toContain('\\u001b[2J')
  expect(all).toContain('\\u202e')
}, 120_000)

it('a document of JSON still says what was written', async () => {
  const { files } = JSON.parse((await run('files', 'list', '--json')).stdout) as { files: { path: string }[] }
  expect(files.map(({ path }) => path).some((path) => path.includes(`good ${WILD}.csv`))).toBe(true)
})
