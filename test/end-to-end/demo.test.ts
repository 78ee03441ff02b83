import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/database/connect.ts'
import { canEnter } from '../../src/database/embedded/server-user.ts'
import { reportSchema } from '../../src/report/json/report-schema.ts'
import { type Built, buildSource } from '../support/built.ts'
import { type Ended, start, tieout } from '../support/command.ts'
import { quiet } from '../support/quiet.ts'
import { comparable, patternOf, shownCommands } from '../support/shown-commands.ts'

const NOBODY = { uid: 65534, gid: 65534 }
const isRoot = process.getuid?.() === 0
/** Another user can run this checkout: neither it nor Node nor the temporary folder lies in a closed home. */
const othersCanRun =
  isRoot && [import.meta.dirname, dirname(process.execPath), tmpdir()].every((place) => canEnter(place, NOBODY))

/** The report of the second night, before the month end; and that of the run after it. */
const REPORTS = 'demo/reports/2026-11-04T110000Z'
const AFTER = 'demo/reports/2026-11-04T210000Z'

interface Shown {
  verdicts: { month: string; verdict: string }[]
  discrepancies: { code: string }[]
  tie_out: { month: string; measure: string; difference: number; unexplained: number }[]
  quarantine: unknown[]
}

let built: Built
let folder: string
let first: Ended
let took: number

const read = (name: string): string => readFileSync(join(folder, REPORTS, name), 'utf8')
const report = (): Shown => reportSchema.parse(JSON.parse(read('report.json')))

beforeAll(async () => {
  built = await buildSource()
  folder = mkdtempSync(join(tmpdir(), 'tieout-demo-'))
  chmodSync(folder, 0o755)
  const begin = performance.now()
  first = await tieout(built, folder, ['demo'])
  took = performance.now() - begin
}, 180_000)
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
})

/** What the README shows of it: the verdict, the tie-out and one finding. `npm run generate` renews it. */
const excerptOf = (stdout: string): string => {
  const lines = stdout.split('\n')
  const from = (start: RegExp, after = 0): number => lines.findIndex((line, at) => at >= after && start.test(line))
  const finding = from(/ \[556c4f9567\]/)
  return [
    ...lines.slice(from(/to be closed/), from(/^AGE/)),
    '...',
    ...lines.slice(from(/^TO DO/), from(/MISSING_IN_LEDGER/) + 1),
    '...',
    ...lines.slice(finding, from(/^(?: {4}\d{4}-|$)/, finding + 1)),
    '...',
  ].join('\n')
}

describe('the demo', () => {
  it('prints what the README shows of it', async () => {
    const path = join(import.meta.dirname, '../../README.md')
    const shown = readFileSync(path, 'utf8').replace(
      /(?<=<!-- demo -->\n```text\n)[\s\S]*?(?=\n```\n)/,
      excerptOf(first.stdout).replaceAll('$', '$$$$'),
    )
    expect(shown).toContain('[556c4f9567]')
    await expect(shown).toMatchFileSnapshot(path)
  })

  it('shows the report, names the files it leaves, and ends well', () => {
    expect(first.stderr).not.toContain('"level":"error"')
    expect(first.code).toBe(0)
    expect(first.stdout).toContain('Harbor Coffee')
    for (const name of ['report.txt', 'report.json', 'discrepancies.csv', 'report.html']) {
      expect(first.stdout).toContain(`${AFTER}/${name}`)
      for (const place of [REPORTS, AFTER]) expect(existsSync(join(folder, place, name))).toBe(true)
    }
    expect(first.stdout.trim().split('\n').at(-1)).toMatch(/^Open in a browser: .*report\.html$/)
  })

  it('is there within a minute', () => {
    expect(took).toBeLessThan(60_000)
  })

  it('says first what the matter is, then what does not tie out, then what to do', () => {
    const lines = read('report.txt')
      .split('\n')
      .map((line) => line.trim().replace(/ +/g, ' '))
    const expected = [
      'Refund reconciliation as of 2026-11-04 11:00 UTC, all months',
      'October 2026, to be closed, the worst: DISCREPANT: 19 items to correct. Ledger minus processors:',
      'VERDICT',
      '2026-10 DISCREPANT everything is here, and there are items to correct',
      '2026-11 WAITING everything is here, and what is open should cure itself',
      'TIE-OUT ledger minus processor; the findings below explain the difference',
      '2026-10 Stripe refunds USD 7,266.70 7,198.50 68.20 0.00',
      '2026-10 BILLPAY vendor refund fees USD 0.00 1.50 -1.50 0.00',
      'TO DO',
      'Missing in the ledger MISSING_IN_LEDGER 4 findings',
      '2026-10-14 -86.40 USD 21 days [788bad7526]',
    ]
    expect(lines.filter((line) => expected.includes(line))).toEqual(expected)
  })

  it('has each kind of discrepancy but those of exchange rates and of fees by the month, most of them once', () => {
    const found = new Map<string, number>()
    for (const { code } of report().discrepancies) found.set(code, (found.get(code) ?? 0) + 1)
    expect(Object.fromEntries(found)).toEqual({
      MISSING_IN_LEDGER: 4,
      AWAITING_LEDGER: 1,
      MISSING_AT_PROCESSOR: 1,
      AWAITING_PROCESSOR: 1,
      AMOUNT_MISMATCH: 2,
      REFUND_FEE_MISMATCH: 1,
      RETURNED_FEE_MISMATCH: 1,
      WITHIN_TOLERANCE: 1,
      CURRENCY_MISMATCH: 1,
      PROCESSOR_MISMATCH: 1,
      REFUND_FAILED: 1,
      CUTOFF_MISMATCH: 3,
      ALLOCATION_TARGET_MISMATCH: 1,
      DUPLICATE_IN_LEDGER: 1,
      AMBIGUOUS_MATCH: 1,
      OVER_REFUND: 1,
      ALLOCATION_IMBALANCE: 1,
      PAYMENT_IMBALANCE: 1,
      LINE_ITEM_IMBALANCE: 1,
      LEDGER_REFUND_REMOVED: 1,
    })
  })

  it('ties out to the cent: the findings explain every difference of October and November', () => {
    const { verdicts, tie_out, quarantine } = report()
    expect(verdicts).toMatchObject([
      { month: '2026-10', verdict: 'discrepant' },
      { month: '2026-11', verdict: 'waiting' },
    ])
    expect(tie_out.filter((line) => line.difference !== 0).length).toBeGreaterThan(5)
    expect(tie_out.filter((line) => line.unexplained !== 0)).toEqual([])
    expect(quarantine).toEqual([])
  })

  it('has October closed by two people, what they decided, and what changed after it', () => {
    const after = reportSchema.parse(JSON.parse(readFileSync(join(folder, AFTER, 'report.json'), 'utf8')))
    const october = (document: { tie_out: readonly { month: string }[] }) =>
      document.tie_out.filter(({ month }) => month === '2026-10')
    expect(october(after)).toEqual(october(report()))
    expect(after.closes).toMatchObject([
      { month: '2026-10', state: 'closed', prepared_by: 'Ada Lindqvist', reviewed_by: 'Ben Okafor' },
    ])
    expect(after.verdicts).toMatchObject([
      { month: '2026-10', verdict: 'discrepant', signed: { prepared_by: 'Ada Lindqvist', reviewed_by: 'Ben Okafor' } },
      { month: '2026-11', verdict: 'discrepant', signed: null },
    ])
    const changed = after.discrepancies.filter(({ code }) => code === 'CHANGED_AFTER_CLOSE')
    expect(changed).toMatchObject([{ late: true, status: 'open', legs: [{ amount: 8640 }], rows: [], effects: [] }])
    expect(changed[0]?.message).toMatch(
      /^October 2026 is closed, and .* the ledger 7,353\.10 USD instead of 7,266\.70 USD, 86\.40 USD more\./,
    )
    const decided = after.discrepancies.filter(({ decision }) => decision !== null)
    expect(decided.map(({ code, decision }) => [code, decision?.as, decision?.by])).toEqual([
      ['WITHIN_TOLERANCE', 'waived', 'Ada Lindqvist'],
      ['LEDGER_REFUND_REMOVED', 'explained', 'Ada Lindqvist'],
    ])
    expect(first.stdout).toContain('October 2026, closed by Ada Lindqvist and Ben Okafor')
  })

  it('names no customer in any report', () => {
    const listing = readFileSync(join(folder, 'demo/layer/seed.json'), 'utf8')
    const names = [...listing.matchAll(/"(?:individual_name|email)": "([^"]+)"/g)].map((found) => found[1] ?? '')
    expect(names.length).toBeGreaterThan(100)
    const reports = first.stdout + ['report.txt', 'report.json', 'discrepancies.csv', 'report.html'].map(read).join('')
    expect([...new Set(names)].filter((name) => reports.includes(name))).toEqual([])
  })

  it.each([
    ['decide-about-findings.md', 6],
    ['close-a-month.md', 9],
  ])(
    'does in its folder what %s shows',
    async (page, most) => {
      const copy = join(folder, page)
      execFileSync('cp', ['-a', join(folder, 'demo'), copy])
      const shown = shownCommands(page)
      expect(shown.length).toBe(most)
      // one server for all the commands
      const server = await openDatabase({ url: null, data_dir: join(copy, '.tieout') }, quiet)
      try {
        for (const { words, output } of shown) {
          const { stdout } = await tieout(built, copy, words, { TIEOUT_USER: 'Ada' })
          expect(comparable(stdout), words.join(' ')).toMatch(patternOf(output))
        }
      } finally {
        await server.close()
      }
    },
    120_000,
  )

  it('can be had again: the same report, but for ids and clock times', async () => {
    const settled = (): string =>
      read('report.json').replace(
        /"(?:generated_at|started_at|finished_at|imported_at|event_hash)":"[^"]*"|"(?:pull_id|id)":\d+/g,
        '',
      )
    const shown = (): string => readFileSync(join(folder, AFTER, 'report.txt'), 'utf8')
    const before = [settled(), shown()]
    const again = await tieout(built, folder, ['demo'])
    expect(again.code).toBe(0)
    expect(again.stdout).toBe(first.stdout)
    expect([settled(), shown()]).toEqual(before)
  }, 180_000)

  it('leaves a tieout.yaml alone that it did not make', async () => {
    writeFileSync(join(folder, 'tieout.yaml'), 'businesses: []\n')
    const refused = await tieout(built, folder, ['demo', '--keep', '.'])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('was not made by a demo and is left alone')
    expect(readFileSync(join(folder, 'tieout.yaml'), 'utf8')).toBe('businesses: []\n')
  })

  it.runIf(isRoot)(
    "as root leaves reports of root's, and a database that is not root's, which Postgres refuses",
    () => {
      expect(statSync(join(folder, 'demo/reports')).uid).toBe(0)
      expect(statSync(join(folder, 'demo/.tieout/postgres')).uid).not.toBe(0)
    },
  )

  it.runIf(othersCanRun)('says the same as an ordinary user without a home, to whom all belongs', async () => {
    const own = mkdtempSync(join(tmpdir(), 'tieout-demo-'))
    try {
      chmodSync(own, 0o700)
      chownSync(own, NOBODY.uid, NOBODY.gid)
      const ended = await start(built, own, ['demo'], {}, NOBODY).ended
      expect(ended.stderr).not.toContain('"level":"error"')
      expect(ended.code).toBe(0)
      expect(ended.stdout.replace(own, '')).toBe(first.stdout.replace(folder, ''))
      expect(statSync(join(own, 'demo/.tieout/postgres')).uid).toBe(NOBODY.uid)
      expect(statSync(join(own, 'demo/reports')).uid).toBe(NOBODY.uid)
    } finally {
      rmSync(own, { recursive: true, force: true })
    }
  })
})
