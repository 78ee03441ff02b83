import { expect, test } from 'vitest'
import type { BusinessStatus } from '../../../src/night/status.ts'
import { summaryText } from '../../../src/night/status-summary.ts'
import type { Verdict } from '../../../src/report/lines.ts'

type Run = BusinessStatus['runs'][number]

const run = (job: string, day: number, outcome: Run['outcome'], problem: string | null = null): Run => {
  const at = `2026-11-0${day}T02:05:00Z`
  return { job, as_of: at, started_at: at, finished_at: at, outcome, problem }
}

const business = (name: string, runs: Run[], verdict: Verdict | null, errors: bigint): BusinessStatus => ({
  ...{ business_id: name, name, runs, pulls: [], imported: [], open: [], next_due_on: null, verdicts: [] },
  full_run_advised: false,
  standing: {
    months:
      verdict === null
        ? []
        : [
            {
              ...{ month: '2026-10', verdict, reasons: [], is_over: true, is_to_be_closed: true, is_worst: true },
              ...{ state: null, prepared_by: null, reviewed_by: null, sums: [] },
            },
          ],
    codes: [{ code: 'MISSING_IN_LEDGER', open: errors, new: 0n, cleared: 0n, as_of_before: null }],
  },
})

const done = run('nightly', 2, 'done')

test('many businesses in short: how many stand where, and those to look at, the worst first', () => {
  const statuses = [
    ...Array.from({ length: 1_000 }, (_, n) => business(`Quiet ${n}`, [done], 'reconciled', 0n)),
    business('Few', [done], 'discrepant', 2n),
    business('Many', [done], 'discrepant', 40n),
    business('Holes', [done], 'incomplete', 0n),
    // what ran last counts: the pull of the day after went well
    business('Mended', [run('nightly', 2, 'failed', 'no answer'), run('pull', 3, 'done')], 'reconciled', 0n),
    business('Broken', [run('import', 1, 'done'), run('nightly', 2, 'failed', 'Layer does not answer')], 'waiting', 0n),
    business('Unborn', [], null, 0n),
  ]
  expect(summaryText(statuses).split('\n')).toEqual([
    '1,006 businesses; last run: 1,004 done, 1 failed, 1 not run yet',
    'Months to be closed: 1,001 reconciled, 2 discrepant, 1 incomplete, 1 waiting, 1 without a refund',
    '  Broken: nightly failed: Layer does not answer; 2026-10 waiting; 0 items to correct',
    '  Unborn: nothing has run yet',
    '  Holes: 2026-10 incomplete; 0 items to correct',
    '  Many: 2026-10 discrepant; 40 items to correct',
    '  Few: 2026-10 discrepant; 2 items to correct',
    'One of them whole: `tieout status --business NAME`; all as data: `tieout status --json`',
  ])
})

test('of those to look at fifty are named', () => {
  const statuses = Array.from({ length: 60 }, (_, n) => business(`Shop ${n}`, [done], 'discrepant', BigInt(n + 1)))
  const lines = summaryText(statuses).split('\n')
  expect(lines[2]).toBe('  Shop 59: 2026-10 discrepant; 60 items to correct')
  expect(lines.slice(-3)).toEqual([
    '  Shop 10: 2026-10 discrepant; 11 items to correct',
    '  and 10 more, with less to correct',
    'One of them whole: `tieout status --business NAME`; all as data: `tieout status --json`',
  ])
})
