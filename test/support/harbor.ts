/** Harbor Coffee, the demo's business, in a folder of its own: its Layer, its files, and Tieout at work there. */

import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DEMO_CONFIG } from '../../src/demo/demo-config.ts'
import { demoNights } from '../../src/demo/files.ts'
import { reportSchema } from '../../src/report/json/report-schema.ts'
import { type Answer, type Asked, type FaultServer, startFaultServer } from '../integration/ledger/fault-server.ts'
import type { Built } from './built.ts'
import { type Ended, type Running, start, tieout } from './command.ts'

/** What no output may ever show. */
export const TOKEN = 'hush-hush-token-of-harbor'

/** What there is to see on one night: Layer's two listings, and the files that arrived since the night before. */
export interface Night {
  as_of: string
  customer: readonly object[]
  vendor: readonly object[]
  files: readonly { path: string; text: string }[]
}

/** Two nights of 210 refunds: nearly all of October in the first, the third of November in the second. */
const [first, second] = demoNights().map(({ as_of, seed, files }): Night => {
  const [books] = seed.businesses
  return { as_of, customer: books?.invoice_refunds ?? [], vendor: books?.bill_refunds ?? [], files }
})
if (first === undefined || second === undefined) throw new Error('the demo has two nights')
export const FIRST = first
export const SECOND = second

/** The parts of a JSON report that tests look at. */
interface Report {
  verdicts: { month: string; verdict: string; reasons: { code: string; text: string }[] }[]
  tie_out: { month: string; unexplained: number }[]
  discrepancies: { id: string; code: string; status: string }[]
  pulls: { direction: string; complete: boolean; refunds: number; problem: string | null }[]
  files: { path: string }[]
  runs: { command: string; state: string; problem: string | null }[]
}

export interface Harbor {
  readonly folder: string
  readonly environment: Record<string, string>
  readonly layer: FaultServer
  /** What Layer answers from now on. */
  answers(answer: (asked: Asked) => Answer): void
  /** The night's files lie in the inbox, and Layer lists its refunds. */
  arrives(night: Night): void
  /** Runs `tieout ...` to its end. */
  run(...words: string[]): Promise<Ended>
  start(...words: string[]): Running
  /** Runs `tieout nightly` as of a night. */
  nightly(night: Night, ...words: string[]): Promise<Ended>
  /** The text of a night's JSON report, and what it says, valid against its schema. */
  text(night: Night): string
  report(night: Night): Report
  close(): Promise<void>
}

const REFUSED: Answer = {
  status: 401,
  body: { type: 'AuthFailure', description: `'Bearer ${TOKEN}' is not a good token`, meta: null },
}

/** A Layer with the refunds of a night, for who has the token. */
export const listing =
  (night: Night) =>
  ({ url, headers }: Asked): Answer =>
    headers.authorization === `Bearer ${TOKEN}`
      ? { body: [...(url.includes('/invoices/') ? night.customer : night.vendor)] }
      : REFUSED

/** A Layer that lets nobody in, and repeats in its answer what it was sent. */
export const lockedOut = (): Answer => REFUSED

const configText = (layer_url: string): string =>
  [
    'database: {url: "${DATABASE_URL}"}',
    `layer: {base_url: "${layer_url}", token: "\${LAYER_TOKEN}"}`,
    'reports: {formats: [text, json]}',
    DEMO_CONFIG.slice(DEMO_CONFIG.indexOf('businesses:')).replace(/ +four_eyes: true.*\n/, ''),
  ].join('\n')

/** Opens Harbor Coffee with a given database, or with '' the embedded one. Nothing has arrived yet. */
export async function openHarbor(built: Built, database_url: string): Promise<Harbor> {
  const folder = mkdtempSync(join(tmpdir(), 'tieout-harbor-'))
  chmodSync(folder, 0o755)
  let answer: (asked: Asked) => Answer = listing(FIRST)
  const layer = await startFaultServer((asked) => answer(asked))
  const environment = { DATABASE_URL: database_url, LAYER_TOKEN: TOKEN }
  writeFileSync(join(folder, 'tieout.yaml'), configText(layer.base_url))
  const text = (night: Night): string =>
    readFileSync(join(folder, 'reports', night.as_of.replaceAll(':', ''), 'report.json'), 'utf8')
  return {
    folder,
    environment,
    layer,
    answers(next) {
      answer = next
    },
    arrives(night) {
      answer = listing(night)
      for (const file of night.files) {
        const path = join(folder, file.path)
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(path, file.text)
      }
    },
    run: (...words) => tieout(built, folder, words, environment),
    start: (...words) => start(built, folder, words, environment),
    nightly: (night, ...words) => tieout(built, folder, ['nightly', '--as-of', night.as_of, ...words], environment),
    text,
    report: (night) => reportSchema.parse(JSON.parse(text(night))),
    async close() {
      await layer.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A JSON report without what two runs of the same night may differ in: ids, clock times and the hashes over them. */
export const settled = (text: string): string =>
  text
    .replace(
      /"(generated_at|started_at|finished_at|imported_at|pull_id|run_id|event_number|event_hash)":(?:"[^"]*"|\d+|null)/g,
      '"$1":0',
    )
    // of files and of what was quarantined; a finding's id is text
    .replace(/"id":\d+/g, '"id":0')
