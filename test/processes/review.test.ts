/** `tieout review`, as an accountant runs it over the demo's October. */

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withBusinessLock } from '../../src/database/locks.ts'
import { discrepancySchema } from '../../src/report/json/finding-schema.ts'
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
  for (const night of [FIRST, SECOND]) {
    harbor.arrives(night)
    await harbor.nightly(night)
  }
}, 180_000)
afterAll(async () => {
  await harbor.close()
  await database.close()
})

const run = (...words: string[]): Promise<Ended> => harbor.run('review', ...words)
const done = async (...words: string[]): Promise<string> => {
  const { code, stdout, stderr } = await run(...words)
  expect([words, code, stderr]).toEqual([words, 0, expect.anything()])
  return stdout
}

interface Listed {
  id: string
  code: string
  status: string
  owner: string | null
  age_days: number
}
const listed = async (...words: string[]): Promise<Listed[]> =>
  (JSON.parse(await done('list', '--json', ...words)) as { discrepancies: Listed[] }).discrepancies
const idOf = async (code: string): Promise<string> => (await listed('--code', code))[0]?.id ?? ''

describe('a list', () => {
  it('has what stands open, as the report has it, and its totals by code and age', async () => {
    const document = JSON.parse(await done('list', '--json')) as { schema: string; discrepancies: Listed[] }
    expect(document.schema).toBe('tieout.review-list/1')
    expect(document.discrepancies).toEqual(
      (JSON.parse(harbor.text(SECOND)) as { discrepancies: unknown[] }).discrepancies,
    )
    expect(document.discrepancies).toHaveLength(26)
    const text = await done('list')
    expect(text).toContain('26 findings, 18.20 CAD and 1,002.55 USD\n')
    expect(text).toContain('  MISSING_IN_LEDGER: 4 findings, 348.15 USD\n')
    expect(text).toContain('  0-1 days: 1 finding, 19.95 USD\n')
  })

  it.each<[string[], number]>([
    [['--code', 'missing_in_ledger,MISSING_AT_PROCESSOR'], 5],
    [['--processor', 'billpay'], 4],
    [['--month', '2026-11'], 5],
    [['--age', '8-30'], 20],
    [['--age', '0..1'], 1],
    [['--age', '28..'], 1],
    [['--amount', '55.75'], 1],
    [['--amount', '100..'], 2],
    [['--amount', '..0.5', '--processor', 'BILLPAY'], 1],
    [['--owner', 'nobody'], 26],
    [['--owner', 'Ada'], 0],
    [['--status', 'resolved'], 0],
  ])('of %j has %i findings', async (words, count) => {
    expect(await listed(...words)).toHaveLength(count)
  })

  it('goes by amount, the largest first, or by age, the oldest first', async () => {
    const amounts = await done('list', '--sort', 'amount', '--code', 'MISSING_IN_LEDGER')
    expect(amounts.match(/[\d.]+ USD(?= {2}\S)/g)).toEqual(['182.25 USD', '86.40 USD', '55.75 USD', '23.75 USD'])
    const ages = (await listed('--sort', 'age')).map(({ age_days }) => age_days)
    expect(ages).toEqual(ages.toSorted((a, b) => b - a))
  })

  it.each([
    [['--code', 'MISSING_IN_LEGER'], 'did you mean MISSING_IN_LEDGER?'],
    [['--age', 'old'], 'expected days such as 31..60'],
    [['--amount', '-5'], 'expected an amount such as'],
    [['--month', 'October'], 'expected a month such as 2026-10'],
    [['--sort', 'size'], 'expected one of age, amount'],
  ])('of %j is refused: %s', async (words, why) => {
    const { code, stderr } = await run('list', ...words)
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)])
  })
})

describe('a finding', () => {
  it('is shown with both sides, its line in the file as it lies there, and its history', async () => {
    const text = await done('show', (await idOf('AMOUNT_MISMATCH')).slice(0, 8))
    expect(text).toMatch(/\n {2}amount +45\.60 USD +54\.60 USD\n/)
    expect(text).toContain('gross=-54.60')
    expect(text).toContain('History\n  First found as of 2026-11-03 11:00 UTC')
    expect(text).toMatch(/What the ledger said\n {2}Refund \S+ as of 2026-11-03 11:00 UTC: as it first came/)
  })

  it('shows what the ledger changed between two pulls, and of what may be a detail of a person only that it changed', async () => {
    const id = await idOf('AMOUNT_MISMATCH')
    const { legs } = JSON.parse(await done('show', id, '--json')) as { legs: { refund_id: string }[] }
    const changed = (refund: object): object => {
      const { id: refund_id, ...rest } = refund as { id: string; payments: object[] }
      if (refund_id !== legs[0]?.refund_id) return refund
      return { ...rest, id: refund_id, status: 'SENT', memo: 'Mrs Brook called', customer: { name: 'Ann Brook' } }
    }
    harbor.arrives({ ...SECOND, customer: SECOND.customer.map(changed) })
    await harbor.run('pull', '--as-of', SECOND.as_of)
    const text = (await done('show', id)).replace(/\s+/g, ' ')
    harbor.arrives(SECOND)
    await harbor.run('pull', '--as-of', SECOND.as_of)
    expect(text).toMatch(/as of 2026-11-04 11:00 UTC: status "PAID" -> "SENT"; .*\b(?:memo|customer) changed/)
    expect(text).toContain('customer changed')
    expect(text).not.toMatch(/Brook/)
  })

  it('says of a file that is another one now, or gone, that its line cannot be shown', async () => {
    const id = await idOf('AMOUNT_MISMATCH')
    const path = join(harbor.folder, FIRST.files.find((file) => file.path.includes('stripe'))?.path ?? '')
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.replace('-54.60', '-99.99'))
    expect(await done('show', id)).toContain('another file lies there now')
    rmSync(path)
    expect(await done('show', id)).toContain('does not lie there any more')
    writeFileSync(path, text)
    expect(await done('show', id)).toContain('gross=-54.60')
  })

  it('has in JSON what the report has, and its history', async () => {
    const id = await idOf('AMOUNT_MISMATCH')
    const { schema, history, ...finding } = JSON.parse(await done('show', id, '--json')) as Record<string, unknown>
    expect(schema).toBe('tieout.review-show/1')
    expect(discrepancySchema.parse(finding)).toEqual(
      (JSON.parse(harbor.text(SECOND)) as { discrepancies: Listed[] }).discrepancies.find((each) => each.id === id),
    )
    expect(history).toEqual([
      {
        ...{ event_number: expect.any(Number), at: '2026-11-03T11:00:00Z', by: 'run', kind: 'opened' },
        ...{ from: null, to: 'open', note: null },
      },
    ])
  })

  it('of no id, or of several, is refused', async () => {
    const none = await run('show', 'zzzz')
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('found no finding whose id begins so')])
  })
})

describe('decisions', () => {
  it('one by one: resolved with a note in the name of TIEOUT_USER, shown in the next report, and opened again', async () => {
    const id = await idOf('WITHIN_TOLERANCE')
    const resolving = ['review', 'resolve', id.slice(0, 10), '--as', 'waived', '--note', 'one cent']
    const { code, stdout } = await tieout(built, harbor.folder, resolving, {
      ...harbor.environment,
      TIEOUT_USER: 'Ada',
    })
    expect([code, stdout]).toEqual([
      0,
      `Harbor Coffee: 1 finding, 0.01 USD resolved as waived by Ada\n  ${id.slice(0, 10)}  WITHIN_TOLERANCE  0.01 USD of 2026-10-13\n`,
    ])
    const { discrepancies } = JSON.parse((await harbor.run('report', '--format', 'json')).stdout)
    expect(discrepancies.find((each: Listed) => each.id === id)).toMatchObject({
      status: 'resolved',
      decision: { as: 'waived', by: 'Ada', note: 'one cent' },
    })
    const again = await run('resolve', id, '--as', 'explained', '--note', 'no')
    expect([again.code, again.stdout]).toEqual([
      1,
      expect.stringContaining('is resolved already (Ada resolved it as waived'),
    ])
    await done('reopen', id)
    const shown = await done('show', id)
    expect(shown).toMatch(/Ada resolved it as waived on .*: "one cent"\n {2}\S+ reopened it on /)
    expect(shown).toContain(`${userInfo().username} reopened it`)
  })

  it('by filter: says how many and how much, decides nothing without a terminal, and everything with --yes', async () => {
    const asked = await run('acknowledge', '--code', 'CUTOFF_MISMATCH', '--by', 'Ada')
    expect([asked.code, asked.stdout, asked.stderr]).toEqual([
      2,
      '',
      expect.stringContaining('Harbor Coffee: 3 findings, 326.30 USD to acknowledge: nothing was decided'),
    ])
    expect(await listed('--status', 'acknowledged')).toEqual([])
    const { businesses } = JSON.parse(
      await done('acknowledge', '--code', 'CUTOFF_MISMATCH', '--by', 'Ada', '--yes', '--json'),
    ) as { businesses: { decisions: unknown[] }[] }
    expect(businesses[0]?.decisions).toHaveLength(3)
    expect(await listed('--status', 'acknowledged')).toHaveLength(3)
    // what is acknowledged already would not change
    expect(await done('acknowledge', '--code', 'CUTOFF_MISMATCH', '--by', 'Ada', '--yes')).toContain(
      'no finding is meant',
    )
  })

  it('give findings an owner, by whom they are then found, whatever the case', async () => {
    await done('assign', '--age', '25..', '--to', 'Ben', '--due', '2026-12-01', '--yes')
    const own = await listed('--owner', 'BEN')
    expect(own.length).toBeGreaterThan(2)
    expect(own.every(({ owner, age_days }) => owner === 'Ben' && age_days >= 25)).toBe(true)
  })

  it.each([
    [['resolve', 'X', '--as', 'ignored', '--note', 'n'], 'expected one of corrected, waived, explained'],
    [['resolve', 'X', '--as', 'waived'], 'found no note'],
    [['assign', 'X'], 'expected --to NAME'],
    [['assign', 'X', '--to', 'Ben', '--due', 'soon'], 'expected a date such as'],
    [['acknowledge'], 'neither ids nor a filter'],
    [['acknowledge', 'X', '--code', 'OVER_REFUND'], 'ids and a filter'],
    [['acknowledge', 'X', '--by', 'run'], 'is what events call a run'],
  ])('%j is refused: %s', async (words, why) => {
    const id = await idOf('OVER_REFUND')
    const { code, stderr } = await run(...words.map((word) => (word === 'X' ? id : word)))
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)])
    expect((await listed('--code', 'OVER_REFUND')).map(({ status }) => status)).toEqual(['open'])
  })

  it('wait five seconds for a run at work on the business, then say since when it runs', async () => {
    const id = await idOf('OVER_REFUND')
    await database.query(
      `insert into run (business_id, job, as_of, started_at, outcome) values ($1, 'nightly', '2026-11-05T11:00:00Z', '2026-11-05T11:00:07Z', 'running')`,
      [BUSINESS],
    )
    const started = performance.now()
    const refused = await withBusinessLock(database, { id: BUSINESS, name: 'Harbor Coffee' }, quiet, () =>
      run('acknowledge', id, '--by', 'Ada'),
    )
    expect(performance.now() - started).toBeGreaterThan(5000)
    expect([refused.code, refused.stdout]).toEqual([
      1,
      expect.stringContaining('at work on it for the last 5 seconds (nightly, since 2026-11-05 11:00 UTC)'),
    ])
    await database.query(`update run set outcome = 'failed', finished_at = started_at where outcome = 'running'`)
    await done('acknowledge', id, '--by', 'Ada')
  })
})

describe('rulings', () => {
  const codes = async (): Promise<string[]> =>
    (await listed('--status', 'all')).map(({ code }) => code).filter((code) => /^(?:MISSING|AMOUNT)/.test(code))

  it('make two findings one match by their ids, are listed, and are taken back', async () => {
    const before = await codes()
    const missing = await listed('--code', 'MISSING_IN_LEDGER', '--processor', 'STRIPE')
    const sides = [await idOf('MISSING_AT_PROCESSOR'), missing[0]?.id ?? '']
    const said = await done('match', ...sides, '--by', 'Ada', '--note', 'one refund')
    expect(said).toMatch(
      /^Harbor Coffee: [0-9a-f]{12} {2}leg \S+, row txn_\S+ are one match: ruled by Ada on .*, "one refund"\n/,
    )
    await harbor.run('reconcile', '--as-of', SECOND.as_of)
    const then = await codes()
    expect(then.filter((code) => code === 'AMOUNT_MISMATCH').length).toBe(
      before.filter((code) => code === 'AMOUNT_MISMATCH').length + 1,
    )
    expect(then).not.toContain('MISSING_AT_PROCESSOR')
    const { rulings } = JSON.parse(await done('rulings', '--json')) as { rulings: Record<string, unknown>[] }
    expect(rulings).toEqual([
      {
        ...{ id: expect.stringMatching(/^[0-9a-f]{12}$/), kind: 'match', by: 'Ada', note: 'one refund' },
        ...{ legs: [expect.any(String)], rows: [expect.stringMatching(/^txn_/)], at: expect.any(String) },
      },
    ])
    await done('forget', String(rulings[0]?.['id']).slice(0, 6), '--by', 'Ben')
    expect(await done('rulings')).toBe('Harbor Coffee\n  no rulings\n')
    await harbor.run('reconcile', '--as-of', SECOND.as_of)
    expect(await codes()).toEqual(before)
  })

  it('undo a match by its leg, and refuse what names nothing, or nothing that may be matched', async () => {
    const legs = await database.query<{ leg_id: string }>(
      `select leg.leg_id from match_item matched join ledger_leg leg on leg.business_id = matched.business_id and leg.leg_no = matched.leg_no
       where matched.pass = 'refund_id' and matched.balanced limit 1`,
    )
    const leg = legs[0]?.leg_id ?? ''
    await done('unmatch', leg, '--by', 'Ada')
    await harbor.run('reconcile', '--as-of', SECOND.as_of)
    expect(await done('list')).toContain('28 findings')
    const [nothing, alone] = [await run('match', 'pay_none', leg), await run('match', leg)]
    expect([nothing.code, nothing.stderr]).toEqual([
      2,
      expect.stringContaining('pay_none: found no leg, row or finding'),
    ])
    expect([alone.code, alone.stderr]).toEqual([1, expect.stringContaining('at least one of each')])
  })
})

describe('the chain of events', () => {
  it('holds, also against an earlier report, and tells an event that was changed and a tail that was cut off', async () => {
    const report = join(harbor.folder, 'reports', SECOND.as_of.replaceAll(':', ''), 'report.json')
    expect(await done('verify')).toMatch(/^Harbor Coffee: all \d+ events hold, the last has the hash [0-9a-f]{64}\n$/)
    expect(await done('verify', '--against', report)).toContain('nothing was changed or cut off since report.json')
    const tampering = async (sql: string, ...words: string[]): Promise<unknown> => {
      await database.query(`create table kept as table event; alter table event disable trigger all; ${sql}`)
      const { code, stdout } = await run('verify', ...words, '--json')
      await database.query(
        `delete from event; insert into event table kept; alter table event enable trigger all; drop table kept`,
      )
      return [code, (JSON.parse(stdout) as { businesses: { broken: unknown }[] }).businesses[0]?.broken]
    }
    expect(await tampering(`update event set note = 'nothing' where kind = 'commented' or event_number = 27`)).toEqual([
      1,
      { event_number: 27, problem: 'it was changed after it was written' },
    ])
    expect(await tampering(`delete from event where event_number = 28`)).toEqual([
      1,
      { event_number: 29, problem: 'the event before it is missing' },
    ])
    expect(await tampering(`delete from event where event_number > 20`)).toEqual([0, null])
    expect(await tampering(`delete from event where event_number > 20`, '--against', report)).toEqual([
      1,
      {
        event_number: 26,
        problem: 'report.json states it, and the chain ends with event 20: what came after was cut off',
      },
    ])
    expect(await done('verify', '--against', report)).toContain('nothing was changed')
  })

  it('is held against nothing that states no chain', async () => {
    const { code, stderr } = await run('verify', '--against', 'tieout.yaml')
    expect([code, stderr]).toEqual([2, expect.stringContaining('expected a report in JSON, or an exported close')])
  })
})
