import { hash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../../src/database/connect.ts'
import { createLayerClient } from '../../../src/ledger/layer-api/client.ts'
import { type PullProgress, pullRefunds } from '../../../src/ledger/pull-refunds.ts'
import { type ContentPointer, contentsOf } from '../../../src/ledger/store/refund-content.ts'
import { isCitus } from '../../support/citus.ts'
import { countingProxy } from '../../support/counting-proxy.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { quiet } from '../../support/quiet.ts'
import { storedTable } from '../../support/tables.ts'
import { type Answer, type Asked, type FaultServer, startFaultServer } from './fault-server.ts'

const BUSINESS = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'
const DAYS = ['2026-10-30T06:00:00Z', '2026-10-31T06:00:00Z', '2026-11-01T06:00:00Z', '2026-11-02T06:00:00Z'] as const

let database: FreshDatabase
let server: FaultServer
let answer: (asked: Asked) => Answer
let invoices: object[] | Answer
let bills: object[] | Answer
let ledger_dates: 'instant' | 'date'
let patience_ms: number

beforeEach(async () => {
  database = await freshDatabase()
  await database.query(
    `insert into business (business_id, name, currency, time_zone, ledger_lag_days)
     values ($1, 'Harbor Coffee', 'USD', 'America/New_York', 2)`,
    [BUSINESS],
  )
  invoices = []
  bills = []
  ledger_dates = 'instant'
  patience_ms = 600
  answer = ({ url }) => {
    const listing = url.includes('/invoices/') ? invoices : bills
    return Array.isArray(listing) ? { body: listing } : listing
  }
  server = await startFaultServer((asked) => answer(asked))
})

afterEach(async () => {
  await server.close()
  await database.close()
})

/** Pulls as of a day: what each direction brought. */
async function pull(day = 0, onProgress?: (progress: PullProgress) => void, into: Database = database) {
  const as_of = DAYS[day] ?? DAYS[0]
  const client = createLayerClient(
    { base_url: server.base_url, auth: { kind: 'token', token: 'a-token-of-the-test' } },
    {
      clock: { now: () => 0, sleep: async () => undefined, random: () => 1 },
      log: quiet,
      first_byte_ms: [patience_ms, patience_ms, patience_ms, patience_ms],
    },
  )
  const [customer, vendor] = await pullRefunds(
    into,
    { id: BUSINESS, time_zone: 'America/New_York', ledger_dates },
    { client, as_of, now: () => as_of, log: quiet, ...(onProgress ? { onProgress } : {}) },
  )
  if (!customer || !vendor) throw new Error('a direction was not pulled')
  return { customer, vendor }
}

const payment = (id: string, refunded_amount: number, more: object = {}) => ({
  id,
  external_id: `re_${id}`,
  refunded_amount,
  fee: 0,
  completed_at: '2026-10-15T12:00:00Z',
  method: 'CREDIT_CARD',
  processor: 'STRIPE',
  ...more,
})

const refund = (id: string, refunded_amount: number, more: object = {}) => ({
  id,
  refunded_amount,
  status: 'PAID',
  completed_at: '2026-10-15T12:00:00Z',
  payments: [payment(`p_${id}`, refunded_amount)],
  ...more,
})

const stored = async () =>
  await database.query<{ refund_id: string; amount: bigint; removed: boolean; versions: bigint }>(
    `select refund_id, refunded_amount as amount, removed_pull_id is not null as removed,
            1 + (select count(*) from ledger_refund_version version
             where version.direction = refund.direction and version.refund_id = refund.refund_id) as versions
     from ledger_refund refund order by direction, refund_id`,
  )

/** The current contents of all refunds. */
const contents = async (): Promise<string[]> => {
  const pointers = await database.query<ContentPointer>(
    'select content_pull_id, content_page, content_place from ledger_refund order by direction, refund_id',
  )
  const found = new Map<ContentPointer, string>()
  for await (const { refund, content } of contentsOf(database, BUSINESS, pointers)) found.set(refund, content)
  return pointers.map((pointer) => found.get(pointer) ?? '')
}

const legs = async () =>
  await database.query<{ leg_id: string; amount: bigint; active: boolean }>(
    'select leg_id, amount, active from ledger_leg order by direction, refund_id, leg_id, ordinal',
  )

const quarantined = async () =>
  await database.query<{ source: string; line: bigint; reason: string; item_id: string | null }>(
    'select source, line, reason, item_id from quarantine order by quarantine_id',
  )

/** What the next reconciliation is told of: 'p_r1 2026-10-01', the leg and the month it lay in. */
const touched = async (): Promise<string[]> =>
  (
    await database.query<{ said: string }>(
      `select leg.leg_id || ' ' || touched.month_before as said
       from touched_item touched join ledger_leg leg on leg.leg_no = touched.item_no order by 1`,
    )
  ).map(({ said }) => said)

/** Where every row of the ledger lies: the same before and after when nothing was written. */
const written = async () => {
  const stored = async (name: string): Promise<string> => await storedTable(database, name)
  return await database.query(
    `select 'refund' as what, refund_id as id, ctid::text, xmin::text from ${await stored('ledger_refund')}
     union all select 'version', refund_id, ctid::text, xmin::text from ${await stored('ledger_refund_version')}
     union all select 'page', pull_id || ' ' || page_no, ctid::text, xmin::text from ${await stored('ledger_page')}
     union all select 'leg', leg_id, ctid::text, xmin::text from ${await stored('ledger_leg')} order by 1, 2`,
  )
}

describe('a refund of more than 16 MB', () => {
  // this process sends it, too
  beforeEach(() => {
    patience_ms = 20_000
  })
  const large = (id: string) => ({ ...refund(id, 700), memo: 'x'.repeat(17 * 1024 * 1024) })

  test('is quarantined by its id, and the others of the listing go on; what is gone is still concluded', async () => {
    invoices = [refund('r1', 1250), refund('r2', 700), refund('r3', 300)]
    await pull()
    invoices = { body: JSON.stringify([refund('r1', 1250), large('r2')]) }
    expect(await pull(1)).toMatchObject({
      customer: { complete: true, refunds: 1n, quarantined: 1n, quarantined_without_id: 0n },
    })
    expect(await quarantined()).toMatchObject([
      {
        item_id: 'r2',
        reason: expect.stringMatching(/^the refund: found 1782\d{4} bytes of JSON, expected at most 16777216$/),
      },
    ])
    expect(await stored()).toMatchObject([
      { refund_id: 'r1', removed: false },
      { refund_id: 'r2', removed: false },
      { refund_id: 'r3', removed: true },
    ])
    invoices = [refund('r1', 1250), refund('r2', 700)]
    expect(await pull(2)).toMatchObject({ customer: { complete: true, refunds: 2n, quarantined: 0n } })
  })

  test('whose id does not stand first says nothing of what is gone', async () => {
    invoices = [refund('r1', 1250), refund('r2', 700)]
    await pull()
    const { id, ...rest } = large('r2')
    invoices = { body: JSON.stringify([{ ...rest, id }]) }
    expect(await pull(1)).toMatchObject({ customer: { complete: true, quarantined: 1n, quarantined_without_id: 1n } })
    expect(await stored()).toMatchObject([{ removed: false }, { removed: false }])
  })
})

describe('a complete pull', () => {
  test('stores refunds to customers and by vendors with their legs, and the refund as received', async () => {
    invoices = [
      refund('r1', 1250, {
        external_id: 'R1',
        reference_number: 'RF-1',
        allocations: [{ id: 'a', amount: 1250, invoice_payment_external_id: 'ch_1', customer: { email: 'a@b' } }],
        unknown: { kept: ['é', '返金', '\\ "quoted"\ttab\n'] },
      }),
    ]
    bills = [
      refund('v1', 900, {
        completed_at: '2026-10-14',
        payments: [
          payment('a', 500, { completed_at: null }),
          payment('b', 400, { external_id: null, processor: null }),
        ],
      }),
    ]
    const { customer, vendor } = await pull()
    expect(customer).toMatchObject({ complete: true, refunds: 1n, quarantined: 0n, added: 1, changed: 0, removed: 0 })
    expect(vendor).toMatchObject({ complete: true, refunds: 1n, added: 1 })
    expect(await database.query('select * from ledger_refund order by direction')).toMatchObject([
      {
        direction: 'customer',
        refund_id: 'r1',
        external_id: 'R1',
        refunded_amount: 1250n,
        completed_at: '2026-10-15T12:00:00Z',
        completed_on: '2026-10-15',
        reference_keys: ['ch_1', 'RF-1'],
        payment_keys: ['ch_1'],
        allocation_amounts: [1250n],
        allocation_line_sums: [null],
        allocations_sum: 1250n,
        line_items_differ: false,
        keys_written: null,
        payments_sum: 1250n,
        first_pull_id: customer.pull_id,
        removed_pull_id: null,
      },
      {
        direction: 'vendor',
        refund_id: 'v1',
        completed_at: null,
        completed_on: '2026-10-14',
        allocation_amounts: null,
        allocations_sum: null,
      },
    ])
    expect(
      await database.query(
        'select leg_id, ordinal, external_id, processor_named, amount, completed_at, completed_on, identity_keys from ledger_leg order by leg_id',
      ),
    ).toMatchObject([
      { leg_id: 'a', amount: 500n, completed_at: null, completed_on: '2026-10-14', identity_keys: ['re_a'] },
      { leg_id: 'b', amount: 400n, external_id: null, processor_named: null, identity_keys: [] },
      { leg_id: 'p_r1', amount: 1250n, processor_named: 'STRIPE', identity_keys: ['re_p_r1', 'R1'] },
    ])
    expect((await contents()).map((content) => JSON.parse(content))).toEqual([invoices[0], bills[0]])
    expect(await database.query('select * from pull order by direction')).toMatchObject([
      {
        direction: 'customer',
        as_of: DAYS[0],
        complete: true,
        maybe_cut: false,
        refunds: 1n,
        pages: 1,
        bytes: BigInt(Buffer.byteLength(JSON.stringify(invoices))),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        problem: null,
      },
      { direction: 'vendor' },
    ])
  })

  test('of the same listing again writes no refund, version or leg', async () => {
    invoices = [refund('r1', 100), refund('r2', 200)]
    bills = [{ refunded_amount: 300, status: 'PAID', id: 'v1' }]
    await pull(0)
    const before = await written()
    expect((await pull(1)).customer).toMatchObject({ refunds: 2n, added: 0, changed: 0, removed: 0 })
    expect(await written()).toEqual(before)
  })

  test('of the same listing is not the same where something of it was quarantined: it is again, and says so', async () => {
    invoices = [refund('r1', 100), refund('r2', 0.5)]
    await pull(0)
    expect((await pull(1)).customer).toMatchObject({ refunds: 1n, quarantined: 1n, added: 0, changed: 0 })
    const sources = (await quarantined()).map(({ source, item_id }) => [source, item_id])
    expect(sources).toEqual(DAYS.slice(0, 2).map((day) => [`customer refunds of ${day}`, 'r2']))
  })

  test('of the same listing counts a refund that is in it twice once, each time', async () => {
    invoices = [refund('r1', 100), refund('r1', 150)]
    expect((await pull(0)).customer).toMatchObject({ refunds: 1n, added: 1 })
    expect((await pull(1)).customer).toMatchObject({ refunds: 1n, added: 0, changed: 0, removed: 0 })
    expect(await stored()).toEqual([{ refund_id: 'r1', amount: 150n, removed: false, versions: 1n }])
  })

  test('of an empty listing after one with refunds removes them, and again finds none', async () => {
    invoices = [refund('r1', 100)]
    await pull(0)
    invoices = []
    expect((await pull(1)).customer).toMatchObject({ refunds: 0n, removed: 1 })
    expect((await pull(2)).customer).toMatchObject({ complete: true, refunds: 0n, removed: 0 })
    expect(await stored()).toMatchObject([{ refund_id: 'r1', removed: true }])
  })

  test('of the same listing in pages writes nothing either', async () => {
    invoices = [refund('r1', 100), refund('r2', 200), refund('r3', 300)]
    await pull(0)
    const before = await written()
    const all = invoices
    answer = ({ url }) => {
      const at = Number(new URL(url, 'http://layer').searchParams.get('cursor') ?? 0)
      const list = url.includes('/invoices/') ? all : []
      const meta = { pagination: { cursor: String(at + 1), has_more: at + 1 < list.length } }
      return { body: { meta, data: list.slice(at, at + 1) } }
    }
    expect((await pull(1)).customer).toMatchObject({ complete: true, pages: 3, refunds: 3n, added: 0, changed: 0 })
    expect(await written()).toEqual(before)
  })

  describe('of a listing in pages, after one of the same pages', () => {
    /** Layer's error for a cursor that it does not know any more. */
    const REFUSED = { status: 400, body: { errors: [{ type: 'PaginationCursor', description: 'No.' }] } }
    const PAGES = [[refund('r1', 100)], [refund('r2', 200), refund('r3', 300)], [refund('r4', 400)]]

    /** Serves these pages; `fault` may answer in their place, told the page (from 0) and how often it has been asked for. */
    const serve = (pages: object[][], fault: (page: number, count: number) => Answer | null = () => null): void => {
      const asked = new Map<number, number>()
      answer = ({ url }) => {
        if (!url.includes('/invoices/')) return { body: [] }
        const at = Number(new URL(url, 'http://layer').searchParams.get('cursor') ?? 0)
        asked.set(at, (asked.get(at) ?? 0) + 1)
        const meta = { pagination: { cursor: String(at + 1), has_more: at + 1 < pages.length } }
        return fault(at, asked.get(at) ?? 0) ?? { body: { meta, data: pages[at] } }
      }
    }
    /** A page that breaks off after its first refund, which is as before. */
    const cut = (page: number): Answer => ({
      body: `{"data": [${JSON.stringify(PAGES[page]?.[0])}, {"id": "`,
      fault: 'cut',
    })
    const amounts = async (): Promise<string[]> =>
      (await stored()).map(({ refund_id, amount, removed }) => `${refund_id} ${amount}${removed ? ' removed' : ''}`)

    beforeEach(async () => {
      serve(PAGES)
      expect((await pull(0)).customer).toMatchObject({ pages: 3, refunds: 4n, added: 4 })
    })

    test('the same pages write nothing', async () => {
      const before = await written()
      const { customer } = await pull(1)
      expect(customer).toMatchObject({ complete: true, pages: 3, refunds: 4n, added: 0, changed: 0, removed: 0 })
      expect(await written()).toEqual(before)
    })

    test.skipIf(isCitus)('the same pages are not staged (skipped on Citus: another server is asked)', async () => {
      const proxy = await countingProxy(database.url)
      const counted = await openDatabase({ url: proxy.url, data_dir: '' }, quiet)
      const staging = (): string[] => proxy.taken().filter((tag) => /^(CREATE|COPY)/.test(tag))
      await pull(1, undefined, counted)
      expect(staging()).toEqual([])
      serve([...PAGES, [refund('r5', 500)]])
      await pull(2, undefined, counted)
      expect(staging()).toContain('COPY 1')
      await counted.close()
      await proxy.close()
    })

    test('the last pull of each direction alone keeps where its pages end', async () => {
      await pull(1)
      const kept = await database.query<{ ends: number }>(
        'select cardinality(page_ends) as ends from pull order by direction, pull_id',
      )
      expect(kept.map(({ ends }) => ends)).toEqual([0, 3, 0, 1])
    })

    test.each([
      ['the last page changed and grew', [PAGES[0], PAGES[1], [refund('r4', 450), refund('r5', 500)]], 1, 1, 0],
      ['a page came after them', [...PAGES, [refund('r5', 500)]], 1, 0, 0],
      ['the last page is gone', PAGES.slice(0, 2), 0, 0, 1],
      ['a page between is another one', [PAGES[0], [refund('r3', 350)], PAGES[2]], 0, 1, 1],
      ['the first page is another one', [[refund('r0', 50)], PAGES[1], PAGES[2]], 1, 0, 1],
    ] as const)('%s', async (_name, pages, added, changed, removed) => {
      const listing = pages.map((page) => [...(page ?? [])])
      serve(listing)
      const refunds = BigInt(listing.flat().length)
      expect((await pull(1)).customer).toMatchObject({ complete: true, refunds, added, changed, removed })
      const listed = listing.flat() as { id: string; refunded_amount: number }[]
      expect((await amounts()).filter((each) => !each.includes('removed'))).toEqual(
        listed.map(({ id, refunded_amount }) => `${id} ${refunded_amount}`),
      )
      expect((await pull(2)).customer).toMatchObject({ complete: true, refunds, added: 0, changed: 0, removed: 0 })
    })

    test.each([
      [
        'a page comes after them',
        [[refund('r1', 100)], [refund('r1', 150)], [refund('r2', 200)], [refund('r3', 300)]],
        150,
      ],
      ['the later of them is gone', [[refund('r1', 100)], [refund('r2', 200)], [refund('r3', 300)]], 100],
    ])('of a refund twice in a listing, where %s, the later one there stands', async (_name, pages, amount) => {
      serve([[refund('r1', 100)], [refund('r1', 150)], [refund('r2', 200)]])
      await pull(1)
      serve(pages)
      expect((await pull(2)).customer).toMatchObject({
        complete: true,
        pages: pages.length,
        refunds: 3n,
        added: 0,
        removed: 0,
      })
      const listed = (await amounts()).filter((each) => !each.includes('removed'))
      expect(listed).toEqual([`r1 ${amount}`, 'r2 200', 'r3 300'])
    })

    test('a page that breaks off and is read again is as it was', async () => {
      const before = await written()
      serve(PAGES, (page, count) => (page === 1 && count === 1 ? cut(1) : null))
      expect((await pull(1)).customer).toMatchObject({ complete: true, refunds: 4n, added: 0, changed: 0, removed: 0 })
      expect(await written()).toEqual(before)
    })

    test('a page that breaks off and is another one when it is read again', async () => {
      const changed = [PAGES[0] ?? [], [refund('r2', 250)], PAGES[2] ?? []]
      serve(changed, (page, count) => (page === 1 && count === 1 ? cut(1) : null))
      expect((await pull(1)).customer).toMatchObject({ complete: true, refunds: 3n, added: 0, changed: 1, removed: 1 })
      expect(await amounts()).toEqual(['r1 100', 'r2 250', 'r3 300 removed', 'r4 400'])
    })

    test('a listing that has to begin anew after pages as before', async () => {
      const changed = [[refund('r1', 150)], [refund('r4', 400)]]
      let begun_anew = false
      serve(PAGES)
      const first = answer
      serve(changed)
      const then = answer
      answer = (asked) => {
        if (begun_anew) return then(asked)
        if (!asked.url.includes('cursor=2')) return first(asked)
        begun_anew = true
        return REFUSED
      }
      expect((await pull(1)).customer).toMatchObject({ complete: true, pages: 2, refunds: 2n, changed: 1, removed: 2 })
      expect(await amounts()).toEqual(['r1 150', 'r2 200 removed', 'r3 300 removed', 'r4 400'])
    })

    test('an incomplete listing stores what is new before it breaks, and removes nothing', async () => {
      serve([PAGES[0] ?? [], [refund('r2', 250)], []], (page) => (page === 2 ? { status: 404, body: {} } : null))
      expect((await pull(1)).customer).toMatchObject({ complete: false, refunds: 2n, changed: 1, removed: 0 })
      expect(await amounts()).toEqual(['r1 100', 'r2 250', 'r3 300', 'r4 400'])
      serve(PAGES)
      expect((await pull(2)).customer).toMatchObject({ complete: true, refunds: 4n, changed: 1, removed: 0 })
      expect(await amounts()).toEqual(['r1 100', 'r2 200', 'r3 300', 'r4 400'])
    })

    test('over 40 nights of pages that stay, change, come, go, and break off, the ledger holds what is listed', async () => {
      let seed = 20261103
      const below = (bound: number): number => {
        seed = (seed * 1103515245 + 12345) % 2 ** 31
        return Math.floor((seed / 2 ** 31) * bound)
      }
      let made = 4
      const another = (): object[] => Array.from({ length: 1 + below(3) }, () => refund(`r${++made}`, 1 + below(900)))
      const pages: object[][] = [...PAGES]
      for (let night = 0; night < 40; night++) {
        const at = below(pages.length + 1)
        const what = below(5)
        if (what === 0) pages.splice(at, 0, another())
        if (what === 1 && pages.length > 1) pages.splice(at % pages.length, 1)
        if (what === 2) pages[at % pages.length] = another()
        if (what === 3) pages.push(another())
        const breaks_at = below(2 * pages.length)
        serve(pages, (page, count) => (page === breaks_at && count === 1 ? cut(0) : null))
        const { customer } = await pull(1)
        const listed = pages.flat() as { id: string; refunded_amount: number }[]
        expect(customer).toMatchObject({ complete: true, pages: pages.length, refunds: BigInt(listed.length) })
        expect((await amounts()).filter((each) => !each.includes('removed'))).toEqual(
          listed.map(({ id, refunded_amount }) => `${id} ${refunded_amount}`).sort(),
        )
      }
    })

    test('a refund that is no JSON makes its page be read again, whatever came before it', async () => {
      const broken: Answer = {
        body: '{"meta": {"pagination": {"has_more": false}}, "data": [{"id": "r4" "status": 1}]}',
      }
      serve([PAGES[0] ?? [], PAGES[1] ?? [], [refund('r4', 450)]], (page, count) =>
        page === 2 && count === 1 ? broken : null,
      )
      expect((await pull(1)).customer).toMatchObject({ complete: true, refunds: 4n, changed: 1, removed: 0 })
      expect(await amounts()).toEqual(['r1 100', 'r2 200', 'r3 300', 'r4 450'])
    })
  })

  test('keeps every version of a refund as a pull brought it, one that comes back too', async () => {
    invoices = [refund('r1', 100)]
    await pull(0)
    invoices = [refund('r1', 150)]
    expect((await pull(1)).customer).toMatchObject({ added: 0, changed: 1 })
    expect(await stored()).toEqual([{ refund_id: 'r1', amount: 150n, removed: false, versions: 2n }])
    expect(await legs()).toEqual([{ leg_id: 'p_r1', amount: 150n, active: true }])
    invoices = [refund('r1', 100)]
    expect((await pull(2)).customer).toMatchObject({ changed: 1 })
    expect(await stored()).toEqual([{ refund_id: 'r1', amount: 100n, removed: false, versions: 3n }])
  })

  test('a leg that its refund no longer has stays, not active, and is the same leg when it is back', async () => {
    const two = refund('r1', 300, { payments: [payment('a', 100), payment('b', 200)] })
    const one = refund('r1', 300, { payments: [payment('b', 200), payment('c', 100)] })
    invoices = [two]
    await pull(0)
    const numbers = await database.query('select leg_id, leg_no from ledger_leg order by leg_id')
    invoices = [one]
    await pull(1)
    expect(await legs()).toEqual([
      { leg_id: 'a', amount: 100n, active: false },
      { leg_id: 'b', amount: 200n, active: true },
      { leg_id: 'c', amount: 100n, active: true },
    ])
    invoices = [two]
    await pull(2)
    expect((await legs()).map(({ active }) => active)).toEqual([true, true, false])
    expect(await database.query("select leg_id, leg_no from ledger_leg where leg_id <> 'c' order by leg_id")).toEqual(
      numbers,
    )
  })

  test('two legs of one id in one refund are two legs', async () => {
    invoices = [refund('r1', 300, { payments: [payment('a', 100), payment('a', 200)] })]
    await pull(0)
    await pull(1)
    expect(await legs()).toEqual([
      { leg_id: 'a', amount: 100n, active: true },
      { leg_id: 'a', amount: 200n, active: true },
    ])
  })

  test('marks refunds that are gone as removed, and takes them back when they are there again', async () => {
    invoices = [refund('r1', 100), refund('r2', 200)]
    const first = await pull(0)
    await pull(1)
    invoices = [refund('r2', 200)]
    const third = await pull(2)
    expect(third.customer).toMatchObject({ refunds: 1n, added: 0, changed: 0, removed: 1 })
    expect(await stored()).toMatchObject([
      { refund_id: 'r1', removed: true },
      { refund_id: 'r2', removed: false },
    ])
    expect(await legs()).toMatchObject([
      { leg_id: 'p_r1', active: false },
      { leg_id: 'p_r2', active: true },
    ])
    expect(
      await database.query(
        `select refund_id, removed.as_of as removed, last.as_of as last from ledger_refund refund
         left join pull removed on removed.pull_id = removed_pull_id join pull last on last.pull_id = last_pull_id
         order by refund_id`,
      ),
    ).toMatchObject([
      { refund_id: 'r1', removed: DAYS[2], last: DAYS[1] },
      { refund_id: 'r2', removed: null },
    ])
    invoices = [refund('r1', 100), refund('r2', 200)]
    expect((await pull(3)).customer).toMatchObject({ added: 0, changed: 1, removed: 0 })
    expect(await stored()).toMatchObject([
      { refund_id: 'r1', removed: false, versions: 1n },
      { refund_id: 'r2', removed: false },
    ])
    expect(await legs()).toMatchObject([{ active: true }, { active: true }])
    expect(first.customer.removed).toBe(0)
  })

  test('a listing that became empty removes all its refunds and none of the other direction', async () => {
    invoices = [refund('x', 100)]
    bills = [refund('x', 100)]
    await pull(0)
    invoices = []
    await pull(1)
    expect((await stored()).map(({ removed }) => removed)).toEqual([true, false])
  })

  test('of one id twice the later stands', async () => {
    invoices = [refund('r1', 100), refund('r2', 1), refund('r1', 150, { payments: [payment('late', 150)] })]
    expect((await pull()).customer).toMatchObject({ refunds: 2n, added: 2 })
    expect(await stored()).toMatchObject([
      { refund_id: 'r1', amount: 150n, versions: 1n },
      { refund_id: 'r2', amount: 1n },
    ])
    expect((await legs()).map(({ leg_id }) => leg_id)).toEqual(['late', 'p_r2'])
  })

  test('of one id twice the later stands even if it is the one known already', async () => {
    invoices = [refund('r1', 100)]
    await pull(0)
    invoices = [refund('r1', 999), refund('r1', 100)]
    expect((await pull(1)).customer).toMatchObject({ refunds: 1n, added: 0, changed: 0 })
    expect(await stored()).toEqual([{ refund_id: 'r1', amount: 100n, removed: false, versions: 1n }])
  })

  test('keeps the sums and the keys as written of a refund, whether it comes first or later', async () => {
    const of = (id: string) =>
      refund(id, 1250, {
        reference_number: '#1001',
        allocations: [
          { amount: 800, invoice_external_id: '1001', line_items: [{ amount: 500 }, { amount: 299 }] },
          { amount: 450, invoice_external_id: '#1002' },
        ],
      })
    invoices = [of('r1')]
    await pull(0)
    invoices = [of('r1'), of('r2')]
    await pull(1)
    const same = {
      reference_keys: ['1001', '1002'],
      keys_written: ['1001', '#1002'],
      allocation_amounts: [800n, 450n],
      allocation_line_sums: [799n, null],
      allocations_sum: 1250n,
      line_items_differ: true,
      payments_sum: 1250n,
    }
    const found = await database.query(`select ${Object.keys(same)} from ledger_refund order by refund_id`)
    expect(found).toEqual([same, same])
    invoices = [refund('r1', 1250, { reference_number: '1001', allocations: [{ amount: 800 }] }), of('r2')]
    await pull(2)
    expect(
      await database.query(
        `select keys_written, allocations_sum, line_items_differ from ledger_refund where refund_id = 'r1'`,
      ),
    ).toEqual([{ keys_written: null, allocations_sum: 800n, line_items_differ: false }])
  })

  test('keeps the number of a leg whatever changes about it', async () => {
    invoices = [refund('r1', 100, { external_id: 'R' })]
    await pull(0)
    const numbers = await database.query('select leg_no from ledger_leg')
    const changed = payment('p_r1', 150, {
      external_id: 'other',
      completed_at: '2026-09-01',
      processor: 'PAYPAL',
      fee: 7,
    })
    invoices = [refund('r1', 100, { payments: [changed], reference_number: 'X' })]
    await pull(1)
    expect(await database.query('select leg_no from ledger_leg')).toEqual(numbers)
    expect(
      await database.query('select amount, refund_fee, completed_on, processor_named, identity_keys from ledger_leg'),
    ).toEqual([
      { amount: 150n, refund_fee: 7n, completed_on: '2026-09-01', processor_named: 'PAYPAL', identity_keys: ['other'] },
    ])
  })

  test('counts the payments of 0 without fees that the ledger holds, known ones too', async () => {
    const empty = (id: string, more: object = {}) => payment(id, 0, more)
    invoices = [
      refund('r1', 100, { payments: [payment('a', 100), empty('b')] }),
      refund('r2', 0, { payments: [empty('c'), empty('d', { fee: 1 })] }),
      refund('r3', 0),
    ]
    bills = [refund('v1', 0)]
    const first = await pull(0)
    expect([first.customer.empty_legs, first.vendor.empty_legs]).toEqual([3n, 1n])
    expect((await pull(1)).customer.empty_legs).toBe(3n)
    invoices = [refund('r1', 100), refund('r3', 0)]
    expect((await pull(2)).customer.empty_legs).toBe(1n)
    expect(await database.query(`select empty_legs from pull where direction = 'customer' order by pull_id`)).toEqual([
      { empty_legs: 3n },
      { empty_legs: 3n },
      { empty_legs: 1n },
    ])
  })

  test('dates an instant of midnight UTC by the ledger where that keeps dates', async () => {
    ledger_dates = 'date'
    const at = '2026-11-01T00:00:00Z'
    invoices = [
      refund('r1', 100, { completed_at: at, payments: [payment('a', 100, { completed_at: at })] }),
      refund('r2', 100, { payments: [payment('b', 100, { completed_at: '2026-11-01T00:00:01Z' })] }),
    ]
    await pull(0)
    expect(await database.query('select leg_id, completed_at, completed_on from ledger_leg order by leg_id')).toEqual([
      { leg_id: 'a', completed_at: at, completed_on: '2026-11-01' },
      { leg_id: 'b', completed_at: '2026-11-01T00:00:01Z', completed_on: '2026-10-31' },
    ])
    expect(await database.query(`select completed_on from ledger_refund where refund_id = 'r1'`)).toEqual([
      { completed_on: '2026-11-01' },
    ])
  })

  test('holds ids and keys of 1,000 characters in its indexes', async () => {
    // of which no two are alike, so that nothing is gained by compressing them
    const long = (seed: string): string =>
      Array.from({ length: 25 }, (_, index) => hash('sha256', `${seed} ${index}`, 'base64url').slice(0, 40)).join('')
    const of = (id: string) =>
      refund(long(id), 100, {
        external_id: long('external'),
        payments: [payment(long('leg'), 100, { external_id: long('identity') })],
        allocations: ['one', 'two', 'three'].map((key) => ({
          amount: 50,
          invoice_payment_external_id: long(key),
          invoice_external_id: `é${long(key).slice(0, 900)}`,
        })),
      })
    invoices = [of('r1')]
    expect((await pull(0)).customer).toMatchObject({ refunds: 1n, quarantined: 0n })
    invoices = [of('r1'), of('r2'), refund(`${long('r3')}x`, 100)]
    expect((await pull(1)).customer).toMatchObject({ refunds: 2n, added: 1, quarantined: 1n })
    expect(await quarantined()).toMatchObject([
      { reason: 'id: found a text of 1001 characters, expected a text of at most 1000 characters (1250 bytes)' },
    ])
  })

  test('of exactly 100 refunds in a bare array is marked as possibly cut', async () => {
    invoices = Array.from({ length: 100 }, (_, index) => refund(`r${index}`, index + 1))
    expect((await pull()).customer).toMatchObject({ complete: true, maybe_cut: true, refunds: 100n })
    expect(await database.query('select maybe_cut from pull order by direction')).toEqual([
      { maybe_cut: true },
      { maybe_cut: false },
    ])
  })

  test('that may be cut says of no refund that it is gone', async () => {
    const hundred = Array.from({ length: 100 }, (_, index) => refund(`r${index}`, index + 1))
    invoices = [...hundred, refund('r100', 101)]
    await pull(0)
    invoices = hundred
    expect((await pull(1)).customer).toMatchObject({ complete: true, maybe_cut: true, refunds: 100n, removed: 0 })
    invoices = hundred.slice(0, 99)
    expect((await pull(2)).customer).toMatchObject({ maybe_cut: false, removed: 2 })
    // nor that it was still there
    expect(
      await database.query(
        `select refund_id, as_of from ledger_refund join pull on pull_id = last_pull_id
         where removed_pull_id is not null order by refund_id collate "C"`,
      ),
    ).toEqual([
      { refund_id: 'r100', as_of: DAYS[0] },
      { refund_id: 'r99', as_of: DAYS[0] },
    ])
  })

  test('tells how far it is', async () => {
    invoices = [refund('r1', 100), refund('r2', 200)]
    const seen: PullProgress[] = []
    await pull(0, (progress) => seen.push(progress))
    expect(seen.filter(({ direction }) => direction === 'customer').at(-1)).toEqual({
      direction: 'customer',
      refunds: 2,
    })
  })

  test('lays the legs that a later pull adds month by month, in whatever order they come', async () => {
    invoices = [refund('r', 100, { completed_at: '2026-06-15T12:00:00Z' })]
    await pull(0)
    const at = (month: number) => ({ completed_at: `2026-${String(month).padStart(2, '0')}-15T12:00:00Z` })
    const added = [9, 7, 8, 7, 9, 8].map((month, index) =>
      refund(`r${index}`, 100, { payments: [payment(`p${index}`, 100, at(month))] }),
    )
    invoices = [...invoices, ...added]
    await pull(1)
    const found = await database.query<{ completed_on: string }>(
      "select completed_on from ledger_leg where leg_id <> 'p_r' order by leg_no",
    )
    expect(found.map(({ completed_on }) => completed_on.slice(0, 7))).toEqual([
      ...['2026-07', '2026-07', '2026-08', '2026-08', '2026-09', '2026-09'],
    ])
  })

  test('of more refunds than one batch holds, changed in a few places', async () => {
    const many = (changed: (index: number) => number) =>
      Array.from({ length: 2500 }, (_, index) => refund(`r${String(index).padStart(4, '0')}`, changed(index)))
    invoices = many((index) => index)
    expect((await pull(0)).customer).toMatchObject({ refunds: 2500n, added: 2500 })
    invoices = many((index) => (index % 1000 === 7 ? index + 1 : index)).filter((_, index) => index !== 2000)
    expect((await pull(1)).customer).toMatchObject({ refunds: 2499n, added: 0, changed: 3, removed: 1 })
    const [sums] = await database.query(
      `select (select sum(refunded_amount) from ledger_refund where removed_pull_id is null)::bigint as refunds,
              (select sum(amount) from ledger_leg where active)::bigint as legs`,
    )
    expect(sums).toEqual({ refunds: 3_121_753n, legs: 3_121_753n })
  })
})

describe('a refund that cannot be read', () => {
  test('is quarantined with its place and reason, and the others go on', async () => {
    invoices = [
      refund('r1', 100),
      refund('r2', 12.5, { allocations: [{ amount: 1, customer: { individual_name: 'Ada' } }], memo: 'for Ada' }),
      { refunded_amount: 5 },
    ]
    expect((await pull()).customer).toMatchObject({ complete: true, refunds: 1n, quarantined: 2n })
    expect(await quarantined()).toEqual([
      {
        source: 'customer refunds of 2026-10-30T06:00:00Z',
        line: 2n,
        reason: 'refunded_amount: found 12.5 (number), expected a whole number of cents, 0 or more',
        item_id: 'r2',
      },
      { source: 'customer refunds of 2026-10-30T06:00:00Z', line: 3n, reason: expect.any(String), item_id: null },
    ])
    const [row] = await database.query<{ raw: string; dated_on: string }>(
      'select raw, dated_on from quarantine limit 1',
    )
    expect(row?.dated_on).toBe('2026-10-15')
    expect(row?.raw).not.toContain('Ada')
  })

  test('keeps what was read of it before, and is not removed', async () => {
    invoices = [refund('r1', 100)]
    await pull(0)
    invoices = [refund('r1', -5)]
    expect((await pull(1)).customer).toMatchObject({ complete: true, refunds: 0n, quarantined: 1n, removed: 0 })
    expect(await stored()).toEqual([{ refund_id: 'r1', amount: 100n, removed: false, versions: 1n }])
    expect(await legs()).toEqual([{ leg_id: 'p_r1', amount: 100n, active: true }])
  })

  test('has a reason that quotes numbers and dates, and nothing that may be a name', async () => {
    invoices = [
      refund('r1', 100, { payments: [payment('a', 100, { completed_at: 'Ada Example' })] }),
      refund('r2', 100, { payments: [payment('b', 100, { completed_at: '2026-02-30' })] }),
    ]
    await pull()
    expect((await quarantined()).map(({ reason }) => reason)).toEqual([
      'payments[0].completed_at: found a text of 11 characters, expected a date or time (ISO 8601)',
      'payments[0].completed_at: found "2026-02-30" (text), expected a date or time (ISO 8601)',
    ])
  })

  test('and whose id cannot be read either lets nothing be concluded to be gone', async () => {
    invoices = [refund('r1', 100), refund('r2', 200)]
    await pull(0)
    invoices = [refund('r2', 200), { refunded_amount: 100 }]
    const second = await pull(1)
    expect(second.customer).toMatchObject({ complete: true, quarantined: 1n, quarantined_without_id: 1n, removed: 0 })
    expect(await stored()).toMatchObject([{ removed: false }, { removed: false }])
    expect(
      await database.query('select quarantined_without_id from pull where pull_id = $1', [second.customer.pull_id]),
    ).toEqual([{ quarantined_without_id: 1n }])
    invoices = [refund('r2', 200), refund('r3', -1)]
    expect((await pull(2)).customer).toMatchObject({ quarantined: 1n, quarantined_without_id: 0n, removed: 1 })
    expect(
      await database.query(
        `select as_of from ledger_refund join pull on pull_id = last_pull_id where removed_pull_id is not null`,
      ),
    ).toEqual([{ as_of: DAYS[0] }])
  })

  test('stays dismissed as long as it comes as it was', async () => {
    invoices = [refund('r1', -1), refund('r2', -1), { refunded_amount: 5 }]
    bills = [refund('r1', -1)]
    await pull(0)
    await database.query(`update quarantine set state = 'dismissed' where line <> 2 and source like 'customer%'`)
    const states = async (pull_id: bigint): Promise<string[]> =>
      (
        await database.query<{ state: string }>('select state from quarantine where pull_id = $1 order by line', [
          pull_id,
        ])
      ).map(({ state }) => state)
    const second = await pull(1)
    expect(await states(second.customer.pull_id)).toEqual(['dismissed', 'open', 'dismissed'])
    expect(await states(second.vendor.pull_id)).toEqual(['open'])
    invoices = [refund('r1', -2), { refunded_amount: 6 }]
    expect(await states((await pull(2)).customer.pull_id)).toEqual(['open', 'open'])
  })

  test('does not displace an earlier one of the same id', async () => {
    invoices = [refund('r1', 100), refund('r1', 0.5)]
    expect((await pull()).customer).toMatchObject({ refunds: 1n, quarantined: 1n })
    expect(await stored()).toMatchObject([{ refund_id: 'r1', amount: 100n }])
  })

  test('holding a character that no text of the database can hold is quarantined, not the end of the pull', async () => {
    invoices = [refund('r1', 100, { external_id: 'a\0b' }), refund('r2', 200, { memo: 'nul \0 and half \ud800' })]
    expect((await pull()).customer).toMatchObject({ complete: true, refunds: 1n, quarantined: 1n })
  })
})

describe('what the next reconciliation is told of', () => {
  const r1 = (more: object = {}, of_payment: object = {}) =>
    refund('r1', 300, {
      payments: [payment('a', 100, of_payment), payment('b', 200, { completed_at: '2026-09-30T12:00:00Z' })],
      reference_number: '1001',
      allocations: [{ amount: 300, invoice_payment_external_id: 'ch_1', customer: { email: 'a@b' } }],
      ...more,
    })

  test.each([
    ['nothing, of a first pull', null, []],
    ['nothing, where only what no rule reads has changed', r1({ memo: 'tea', status: 'VOID' }), []],
    [
      'nothing, where keys are only written otherwise',
      r1({ reference_number: ' #1001' }, { external_id: '#re_a' }),
      [],
    ],
    ['a leg with another amount', r1({}, { refunded_amount: 101 }), ['a 2026-10-01']],
    ['a leg with another fee', r1({}, { fee: 1 }), ['a 2026-10-01']],
    ['a leg with another returned fee', r1({}, { refunded_payment_fees: [{ fee_amount: 3 }] }), ['a 2026-10-01']],
    ['a leg of another processor', r1({}, { processor: 'PAYPAL' }), ['a 2026-10-01']],
    ['a leg of another method', r1({}, { method: 'CASH' }), ['a 2026-10-01']],
    ['a leg with another id at its processor', r1({}, { external_id: 're_z' }), ['a 2026-10-01']],
    ['a leg of another date, by the month it lay in', r1({}, { completed_at: '2026-11-15' }), ['a 2026-10-01']],
    ['all legs of a refund with another reference', r1({ reference_number: '1002' }), ['a 2026-10-01', 'b 2026-09-01']],
    ['all legs of a refund with another payment key', r1({ allocations: [] }), ['a 2026-10-01', 'b 2026-09-01']],
    ['a leg that is gone', r1({ payments: [payment('a', 100)] }), ['b 2026-09-01']],
  ] as const)('%s', async (_name, then, expected) => {
    invoices = [r1(), refund('r2', 100)]
    await pull(0)
    if (then !== null) {
      invoices = [then, refund('r2', 100)]
      await pull(1)
    }
    expect(await touched()).toEqual(expected)
  })

  test('the legs of a refund that is gone, and again when it is back', async () => {
    invoices = [r1(), refund('r2', 100)]
    await pull(0)
    invoices = [refund('r2', 100)]
    await pull(1)
    expect(await touched()).toEqual(['a 2026-10-01', 'b 2026-09-01'])
    await database.query('delete from touched_item')
    await pull(2)
    expect(await touched()).toEqual([])
    invoices = [r1(), refund('r2', 100)]
    await pull(3)
    expect(await touched()).toEqual(['a 2026-10-01', 'b 2026-09-01'])
  })

  test('the first leg, when a second one takes the id of the refund from it', async () => {
    invoices = [refund('r1', 100, { external_id: 'R', payments: [payment('a', 100)] })]
    await pull(0)
    invoices = [refund('r1', 100, { external_id: 'R', payments: [payment('a', 100), payment('b', 5)] })]
    await pull(1)
    expect(await touched()).toEqual(['a 2026-10-01'])
    expect(await database.query('select leg_id, identity_keys from ledger_leg order by leg_id')).toEqual([
      { leg_id: 'a', identity_keys: ['re_a'] },
      { leg_id: 'b', identity_keys: ['re_b'] },
    ])
  })
})

describe('an incomplete pull', () => {
  const cut = (...whole: object[]): Answer => ({
    body: `[${whole.map((each) => JSON.stringify(each)).join(',')},{"id":"`,
    fault: 'cut',
  })

  test('stores what arrived and removes nothing', async () => {
    invoices = [refund('r1', 100), refund('r2', 200), refund('r3', 300)]
    await pull(0)
    invoices = cut(refund('r1', 150), refund('r4', 400))
    const { customer } = await pull(1)
    expect(customer).toMatchObject({ complete: false, refunds: 2n, added: 1, changed: 1, removed: 0, pages: 0 })
    expect(customer.problem).toContain('broke off')
    expect(await stored()).toMatchObject([
      { refund_id: 'r1', amount: 150n, removed: false },
      { refund_id: 'r2', removed: false },
      { refund_id: 'r3', removed: false },
      { refund_id: 'r4', amount: 400n },
    ])
    expect(await database.query('select complete, problem from pull where pull_id = $1', [customer.pull_id])).toEqual([
      { complete: false, problem: customer.problem },
    ])
  })

  test('stands between two that brought the same listing: the second brings back what it says', async () => {
    const listing = [refund('r1', 100), refund('r2', 200)]
    invoices = listing
    await pull(0)
    invoices = cut(refund('r1', 150))
    expect((await pull(1)).customer).toMatchObject({ complete: false, changed: 1 })
    invoices = listing
    expect((await pull(2)).customer).toMatchObject({ complete: true, changed: 1, removed: 0 })
    expect(await stored()).toMatchObject([
      { refund_id: 'r1', amount: 100n, versions: 3n },
      { refund_id: 'r2', amount: 200n },
    ])
  })

  test.each([
    ['refused with 401', { status: 401, body: { type: 'AuthFailure', description: 'No.' } }, '401, AuthFailure'],
    ['never answered', { fault: 'none' }, 'no answer within'],
    ['malformed', { body: '[{"id": "r1", "refunded_amount": 1]]' }, 'not JSON'],
    ['malformed around the refunds', { body: '{"data": [] "meta": 1}' }, 'is not JSON'],
    ['another page', { body: '<html></html>' }, 'expected a list'],
  ] as const)('%s leaves the ledger as it was', async (_name, fault, problem) => {
    invoices = [refund('r1', 100)]
    bills = [refund('v1', 100)]
    await pull(0)
    const before = await stored()
    invoices = { ...fault }
    bills = { ...fault }
    const { customer, vendor } = await pull(1)
    expect([customer.complete, vendor.complete]).toEqual([false, false])
    expect(customer.problem).toContain(problem)
    expect(await stored()).toEqual(before)
    expect(await database.query('select complete from pull order by pull_id')).toHaveLength(4)
  })

  test('of one direction is no reason to distrust the other', async () => {
    invoices = { status: 404, body: { type: 'ResourceNotFound', description: 'No.' } }
    bills = [refund('v1', 100)]
    const { customer, vendor } = await pull()
    expect([customer.complete, vendor.complete]).toEqual([false, true])
    expect(await stored()).toMatchObject([{ refund_id: 'v1' }])
  })

  test('a page that breaks off and is read again counts once, as it is at last', async () => {
    let asked_for = 0
    answer = ({ url }) => {
      if (!url.includes('/invoices/')) return { body: [] }
      return asked_for++ === 0
        ? cut(refund('r1', 100), refund('gone', 1), refund('r2', 0.5))
        : { body: [refund('r1', 150)] }
    }
    expect((await pull()).customer).toMatchObject({ complete: true, refunds: 1n, quarantined: 0n, added: 1 })
    expect(await stored()).toEqual([{ refund_id: 'r1', amount: 150n, removed: false, versions: 1n }])
    expect(await contents()).toEqual([JSON.stringify(refund('r1', 150))])
    expect(await database.query('select refunds from ledger_page')).toEqual([{ refunds: 1 }])
    expect(await quarantined()).toEqual([])
  })

  test('a listing of megabytes that breaks off and is read again keeps every content once, as it is at last', async () => {
    const many = Array.from({ length: 3_000 }, (_, index) =>
      refund(`r${index}`, 100, { memo: 'tea, not coffee '.repeat(80) }),
    )
    let asked_for = 0
    answer = ({ url }) => {
      if (!url.includes('/invoices/')) return { body: [] }
      return asked_for++ === 0 ? cut(...many, refund('gone', 1)) : { body: [...many, refund('r0', 150)] }
    }
    expect((await pull()).customer).toMatchObject({ complete: true, refunds: 3_000n, added: 3_000 })
    const kept = (await contents()).map((content): { id: string; refunded_amount: number } => JSON.parse(content))
    expect(new Set(kept.map(({ id }) => id))).toEqual(new Set(many.map(({ id }) => id)))
    expect(kept.reduce((sum, { refunded_amount }) => sum + refunded_amount, 0)).toBe(300_050)
    // of the page that broke off nothing is left
    const [held] = await database.query('select sum(refunds) as refunds from ledger_page')
    expect(held).toEqual({ refunds: 3_001n })
  })
})
