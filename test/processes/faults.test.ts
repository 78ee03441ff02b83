import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Answer, Asked } from '../integration/ledger/fault-server.ts'
import { type Built, buildSource } from '../support/built.ts'
import { type Ended, startModule } from '../support/command.ts'
import { copyDatabase, type FreshDatabase, freshDatabase } from '../support/database.ts'
import {
  FIRST,
  type Harbor,
  listing,
  lockedOut,
  type Night,
  openHarbor,
  SECOND,
  settled,
  TOKEN,
} from '../support/harbor.ts'
import { tablesWith } from '../support/tables.ts'

let built: Built
/** as the first night left it, without any fault */
let after_first: FreshDatabase
let undisturbed: string
let database: FreshDatabase
let harbor: Harbor

beforeAll(async () => {
  built = await buildSource()
  after_first = await freshDatabase()
  await open(after_first)
  expect((await harbor.nightly(FIRST)).code).toBe(0)
  undisturbed = settled(harbor.text(FIRST))
  await harbor.close()
})
afterAll(async () => {
  await after_first.close()
})

async function open(on: FreshDatabase): Promise<void> {
  database = on
  harbor = await openHarbor(built, database.url)
  harbor.arrives(FIRST)
}

/** `tieout nightly` with a hundredth of its patience, in a process of its own. */
async function hurried(night: Night): Promise<Ended> {
  const module = (path: string): string => JSON.stringify(`file://${built.folder}/src/${path}`)
  return await startModule(
    harbor.folder,
    `import { runJob } from ${module('job.js')}
     import { night } from ${module('night/night.js')}
     const clock = { now: Date.now, random: Math.random, sleep: (ms) => new Promise((done) => setTimeout(done, ms / 100)) }
     const patience = { clock, first_byte_ms: [150, 200, 400, 600], idle_ms: 300 }
     const flags = { config: 'tieout.yaml', asOf: '${night.as_of}', verbose: true }
     await runJob('nightly', flags, (job) => night(job, patience), { migrate: true })`,
    harbor.environment,
  ).ended
}

/** The half of a listing that arrives. */
const half = (asked: Asked): string => {
  const { body } = listing(FIRST)(asked)
  return JSON.stringify(body).slice(0, 20_000)
}

const named = <Case extends { fault: string }>(cases: readonly Case[]): [string, Case][] =>
  cases.map((each) => [each.fault, each])

const LASTING: readonly { fault: string; answer: (asked: Asked) => Answer; says: string }[] = [
  { fault: 'Layer refuses the token (401)', answer: lockedOut, says: 'Layer answered 401' },
  {
    fault: 'the listing is cut off',
    answer: (asked) => ({ body: half(asked), headers: { 'content-length': '99999' }, fault: 'cut' }),
    says: 'the answer broke off after',
  },
  { fault: 'the listing ends in the middle', answer: (asked) => ({ body: half(asked) }), says: 'ends in the middle' },
  {
    fault: 'the listing is malformed',
    answer: () => ({ body: '[{"id": "rf-1", "refunded_amount": 12,50}]' }),
    says: 'is not JSON',
  },
  {
    fault: 'the listing falls silent',
    answer: (asked) => ({ body: half(asked), fault: 'stall' }),
    says: 'fell silent',
  },
  { fault: 'Layer never answers', answer: () => ({ fault: 'none' }), says: 'no answer within' },
  {
    fault: 'Layer is down (503), with the token in its answer',
    answer: ({ headers }) => ({ status: 503, body: `<h1>Down</h1> ${headers.authorization}` }),
    says: 'Layer answered 503',
  },
]

async function expectTokenNowhere(ended: Ended, night: Night): Promise<void> {
  expect(ended.stdout + ended.stderr + harbor.text(night)).not.toContain(TOKEN)
  expect(await tablesWith(database, TOKEN)).toEqual([])
}

const counted = (night: Night, code: string): number =>
  harbor.report(night).discrepancies.filter((found) => found.code === code && found.status !== 'cleared').length

describe('a fault that lasts', () => {
  beforeEach(async () => await open(await freshDatabase()))
  afterEach(async () => {
    await harbor.close()
    await database.close()
  })

  it.each(named(LASTING))(
    '%s: the report is there, no refund is called missing, every month is incomplete',
    async (_, { answer, says }) => {
      harbor.answers(answer)
      const ended = await hurried(FIRST)
      expect(ended.code).toBe(4)
      const { pulls, verdicts, files, tie_out, runs } = harbor.report(FIRST)
      expect(pulls.map(({ complete }) => complete)).toEqual([false, false])
      for (const { problem } of pulls) expect(problem).toContain(says)
      expect(ended.stderr).toContain(says)
      expect(runs).toMatchObject([{ command: 'nightly', state: 'failed' }])
      expect(files.length).toBe(4)
      expect(verdicts.map(({ month, verdict }) => `${month} ${verdict}`)).toEqual([
        '2026-10 incomplete',
        '2026-11 incomplete',
      ])
      expect(counted(FIRST, 'MISSING_IN_LEDGER')).toBe(0)
      expect(counted(FIRST, 'AWAITING_LEDGER')).toBeGreaterThan(0)
      expect(tie_out.filter(({ unexplained }) => unexplained !== 0)).toEqual([])
      await expectTokenNowhere(ended, FIRST)
    },
  )
})

describe('a side that the database fails', () => {
  beforeEach(async () => await open(await freshDatabase()))
  afterEach(async () => {
    await harbor.close()
    await database.close()
  })

  it.each(['processor_row', 'ledger_leg'])(
    'nothing is concluded while %s cannot be written; the next try finds what an undisturbed night finds',
    async (table) => {
      await database.query(`
        create function full_disk() returns trigger language plpgsql
          as $$ begin raise exception 'no space left' using errcode = 'disk_full'; end $$;
        create trigger full_disk before insert on ${table} for each row execute function full_disk()`)
      const ended = await harbor.nightly(FIRST)
      expect(ended.code).toBe(1)
      expect(ended.stderr).toContain('no space left')
      expect(await database.query('select from discrepancy')).toEqual([])
      expect(await database.query('select outcome from run')).toEqual([{ outcome: 'failed' }])
      await database.query(`drop trigger full_disk on ${table}`)
      expect((await harbor.nightly(FIRST)).code).toBe(0)
      expect(await database.query("select from discrepancy where status = 'cleared'")).toEqual([])
    },
  )
})

describe('a fault that lasts in a later night', () => {
  beforeEach(async () => {
    await open(await copyDatabase(after_first))
    harbor.arrives(SECOND)
  })
  afterEach(async () => {
    await harbor.close()
    await database.close()
  })

  it('lets no refund be called removed and no row of the new day missing, until Layer is well again', async () => {
    harbor.answers((asked) => ({ body: half(asked), fault: 'cut' }))
    const ended = await hurried(SECOND)
    expect(ended.code).toBe(4)
    expect(counted(SECOND, 'LEDGER_REFUND_REMOVED')).toBe(0)
    expect(counted(SECOND, 'MISSING_IN_LEDGER')).toBe(3)
    expect(await database.query('select from ledger_refund where removed_pull_id is not null')).toEqual([])
    expect(harbor.report(SECOND).verdicts.every(({ verdict }) => verdict === 'incomplete')).toBe(true)
    await expectTokenNowhere(ended, SECOND)
    // once Layer is well again, they are
    harbor.answers(listing(SECOND))
    expect((await hurried(SECOND)).code).toBe(0)
    expect(counted(SECOND, 'LEDGER_REFUND_REMOVED')).toBe(1)
    expect(counted(SECOND, 'MISSING_IN_LEDGER')).toBe(4)
  })
})

const failing = (fault: Answer | ((asked: Asked) => Answer)) => (asked: Asked) =>
  asked.count > 2 ? listing(FIRST)(asked) : typeof fault === 'function' ? fault(asked) : fault

const HEALING: readonly { fault: string; answer: (asked: Asked) => Answer; says: string }[] = [
  { fault: 'an answer of 500', answer: failing({ status: 500, body: 'oops' }), says: 'Layer answered 500' },
  {
    fault: 'an answer of 429 that asks for two seconds',
    answer: failing({
      status: 429,
      headers: { 'retry-after': '2' },
      body: { type: 'BadRequest', description: 'slow' },
    }),
    says: '"pause_ms":2000',
  },
  {
    fault: 'a connection that drops within the listing',
    answer: failing((asked) => ({ body: half(asked), fault: 'cut' })),
    says: 'the answer broke off after 20000 bytes',
  },
  { fault: 'a connection that drops at once', answer: failing({ body: '', fault: 'cut' }), says: 'asking again' },
  { fault: 'no answer', answer: failing({ fault: 'none' }), says: 'no answer within' },
]

describe('a fault that comes twice in a row', () => {
  beforeEach(async () => await open(await freshDatabase()))
  afterEach(async () => {
    await harbor.close()
    await database.close()
  })

  it.each(named(HEALING))('%s heals, and the report is as if nothing had been', async (_, { answer, says }) => {
    harbor.answers(answer)
    const ended = await hurried(FIRST)
    expect(ended.stderr).toContain(says)
    expect(ended.stderr).not.toContain('"level":"error"')
    expect(ended.code).toBe(0)
    expect(harbor.layer.asked.map(({ count }) => count).sort()).toEqual([1, 1, 2, 2, 3, 3])
    expect(settled(harbor.text(FIRST))).toBe(undisturbed)
    await expectTokenNowhere(ended, FIRST)
  })
})
