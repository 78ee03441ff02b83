import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LedgerRefund } from '../../src/ledger/store/ledger-refund.ts'
import { type PullEnd, type PullOutcome, takePull } from '../../src/ledger/store/pull.ts'
import type { PullStage } from '../../src/ledger/store/pull-stage.ts'
import { contentsOf } from '../../src/ledger/store/refund-content.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'

const RUNS = Number(process.env['TIEOUT_PULLS'] ?? 40)
const BUSINESS = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
  await database.query(
    `insert into business (business_id, name, currency, time_zone, ledger_lag_days)
     values ($1, 'Harbor Coffee', 'USD', 'UTC', 2)`,
    [BUSINESS],
  )
})
afterAll(async () => await database.close())

/** A refund as a listing has it: a few ids that come again, with another content now and then; or one quarantined. */
interface Listed {
  id: number
  cents: number
  legs: number
  /** the number of its order: a reference */
  order: number
  /** quarantined, with an id that can be read or without */
  unreadable: 'no' | 'with its id' | 'without an id'
}

const listed: fc.Arbitrary<Listed> = fc.record({
  id: fc.nat(30),
  cents: fc.constantFrom(100, 100, 100, 250),
  legs: fc.constantFrom(1, 1, 1, 0, 2),
  order: fc.constantFrom(1, 1, 1, 2),
  unreadable: fc.oneof(
    { weight: 40, arbitrary: fc.constant('no' as const) },
    { weight: 6, arbitrary: fc.constant('with its id' as const) },
    { weight: 1, arbitrary: fc.constant('without an id' as const) },
  ),
})

/** A page, with what came of it in attempts that broke off; then perhaps the listing is begun anew, once. */
interface Page {
  brokenOff: Listed[][]
  refunds: Listed[]
}

const page: fc.Arbitrary<Page> = fc.record({
  brokenOff: fc.oneof(
    { weight: 3, arbitrary: fc.constant<Listed[][]>([]) },
    { weight: 1, arbitrary: fc.array(fc.array(listed, { maxLength: 12 }), { minLength: 1, maxLength: 2 }) },
  ),
  refunds: fc.array(listed, { maxLength: 14 }),
})

interface Listing {
  /** pages that came before the cursor was refused; none: it never was */
  inVain: Page[]
  pages: Page[]
  complete: boolean
  maybe_cut: boolean
}

const listing: fc.Arbitrary<Listing> = fc.record({
  inVain: fc.oneof(
    { weight: 3, arbitrary: fc.constant<Page[]>([]) },
    { weight: 1, arbitrary: fc.array(page, { maxLength: 3 }) },
  ),
  pages: fc.array(page, { minLength: 1, maxLength: 5 }),
  complete: fc.constantFrom(true, true, true, false),
  maybe_cut: fc.constantFrom(false, false, false, true),
})

const contentOf = ({ id, cents, legs, order }: Listed): string => JSON.stringify({ id: `r${id}`, cents, legs, order })
const hashOf = (content: string): string => Buffer.from(content).toString('base64url')

/** Reads what contentOf wrote. */
const read = (raw: string): LedgerRefund => {
  const { id, cents, legs, order } = JSON.parse(raw) as { id: string; cents: number; legs: number; order: number }
  return {
    refund_id: id,
    external_id: null,
    refunded_amount: BigInt(cents),
    status: 'PAID',
    completed_at: '2026-10-31T12:00:00Z',
    completed_on: '2026-10-31',
    reference_number: null,
    reference_keys: ['ch_1', `order-${order}`],
    payment_keys: ['ch_1'],
    keys_written: legs === 2 ? ['ch_1', `#order-${order}`] : null,
    allocation_amounts: legs === 0 ? null : [BigInt(cents), 1n],
    allocation_line_sums: [null, 1n],
    allocations_sum: legs === 0 ? null : BigInt(cents + 1),
    line_items_differ: legs === 2,
    payments_sum: legs === 0 ? null : BigInt(cents * legs),
    legs: Array.from({ length: legs }, (_, index) => ({
      leg_id: `p_${id}`,
      ordinal: index,
      external_id: `re_${id}`,
      processor_named: 'STRIPE',
      method: 'CREDIT_CARD',
      amount: BigInt(cents),
      refund_fee: 0n,
      returned_fee: 0n,
      completed_at: null,
      completed_on: '2026-10-31',
      identity_keys: [`re_${id}`],
    })),
  }
}

/** What the ledger holds of a refund: its content, whether it stands, and every content it had, as they followed one another. */
interface Held {
  content: string
  removed: boolean
  versions: string[]
}

/** Writes the listing as it arrives; a refund that is held with this very content is not read again. */
async function arrive(
  stage: PullStage,
  listing: Listing,
  held: ReadonlyMap<number, Held>,
  sent_every: number,
): Promise<void> {
  const put = async (refunds: readonly Listed[], first: number): Promise<void> => {
    await stage.begin(first)
    for (const [index, each] of refunds.entries()) {
      const place = first + index
      const raw = contentOf(each)
      const stored = held.get(each.id)
      if (each.unreadable !== 'no') {
        const refund_id = each.unreadable === 'with its id' ? `r${each.id}` : null
        stage.quarantine(place, { reason: 'no', raw: '{}', refund_id, dated_on: '2026-10-31' })
      } else {
        const known = (await stage.known(place, [hashOf(raw)])).get(place)
        expect(known).toBe(stored?.content !== raw ? undefined : stored.removed ? 'removed' : 'standing')
        const kept = known === 'removed' ? null : raw
        if (known !== 'standing') stage.refund({ refund: read(raw), content_hash: hashOf(raw), raw: kept, place })
      }
      if (place % sent_every === 0) await stage.send()
    }
  }
  for (const pages of [listing.inVain, listing.pages]) {
    let first = 1
    for (const { brokenOff, refunds } of pages) {
      for (const attempt of [...brokenOff, refunds]) await put(attempt, first)
      first += refunds.length
    }
  }
}

/** What the listing means for the ledger. */
function meant(held: Map<number, Held>, { pages, complete, maybe_cut }: Listing) {
  const all = pages.flatMap(({ refunds }) => refunds)
  const standing = new Map<number, string>()
  for (const each of all) if (each.unreadable === 'no') standing.set(each.id, contentOf(each))
  const without_id = all.filter(({ unreadable }) => unreadable === 'without an id').length
  const is_conclusive = complete && !maybe_cut && without_id === 0
  const counts = {
    refunds: BigInt(standing.size),
    quarantined: BigInt(all.filter(({ unreadable }) => unreadable !== 'no').length),
    quarantined_without_id: BigInt(without_id),
    added: 0,
    changed: 0,
    removed: 0,
  }
  const listedIds = new Set(all.filter(({ unreadable }) => unreadable !== 'without an id').map(({ id }) => id))
  for (const [id, before] of held) {
    if (!is_conclusive || before.removed || listedIds.has(id)) continue
    before.removed = true
    counts.removed += 1
  }
  for (const [id, content] of standing) {
    const before = held.get(id)
    if (before === undefined) counts.added += 1
    else if (before.content !== content || before.removed) counts.changed += 1
    const versions = before?.versions ?? []
    held.set(id, { content, removed: false, versions: before?.content === content ? versions : [...versions, content] })
  }
  return counts
}

const storedRefunds = async (): Promise<[number, Held][]> => {
  interface Stored {
    refund_id: string
    content_hash: string
    content_pull_id: bigint
    content_page: number
    content_place: number
    /** null: an earlier version */
    removed: boolean | null
  }
  const rows = await database.query<Stored>(
    `select refund_id, content_hash, content_pull_id, content_page, content_place, removed_pull_id is not null as removed
     from ledger_refund
     union all
     select refund_id, content_hash, content_pull_id, content_page, content_place, null from ledger_refund_version
     order by removed nulls first, content_pull_id`,
  )
  const contents = new Map<Stored, string>()
  for await (const { refund, content } of contentsOf(database, BUSINESS, rows)) {
    expect(hashOf(content)).toBe(refund.content_hash)
    contents.set(refund, content)
  }
  const contentOf = (row: Stored): string => contents.get(row) ?? ''
  return rows.flatMap((current) => {
    const { refund_id, removed } = current
    if (removed === null) return []
    const versions = rows.filter((row) => row.refund_id === refund_id).map(contentOf)
    return [[Number(refund_id.slice(1)), { content: contentOf(current), removed, versions }]]
  })
}

/** Pages that no refund and no version points to. */
const idlePages = async (): Promise<number> => {
  const idle = await database.query(
    `select page_no from ledger_page page
     where not exists (select from ledger_refund where content_pull_id = pull_id and content_page = page_no)
       and not exists (select from ledger_refund_version where content_pull_id = pull_id and content_page = page_no)`,
  )
  return idle.length
}

const storedLegs = async (): Promise<string[]> => {
  const rows = await database.query<{ leg: string }>(
    `select refund_id || ' ' || leg_id || ' ' || ordinal || ' ' || amount || ' ' || completed_on || ' ' || identity_keys[1] || ' ' || payment_keys[1] as leg
     from ledger_leg where active order by refund_id, ordinal`,
  )
  return rows.map(({ leg }) => leg)
}

const legsOf = (held: ReadonlyMap<number, Held>): string[] =>
  [...held.values()]
    .filter(({ removed }) => !removed)
    .map(({ content }) => read(content))
    .sort((a, b) => (a.refund_id < b.refund_id ? -1 : 1))
    .flatMap(({ refund_id, legs }) =>
      legs.map(
        ({ leg_id, ordinal, amount }) => `${refund_id} ${leg_id} ${ordinal} ${amount} 2026-10-31 re_${refund_id} ch_1`,
      ),
    )

/** What a run reads of each leg, by its number. */
const readByRuns = async (): Promise<Map<bigint, string>> => {
  const rows = await database.query<{ leg_no: bigint; said: string }>(
    `select leg.leg_no, concat_ws(' ', leg.active, leg.amount, leg.identity_keys, leg.payment_keys, refund.reference_keys) as said
     from ledger_leg leg join ledger_refund refund using (business_id, direction, refund_id)`,
  )
  return new Map(rows.map(({ leg_no, said }) => [leg_no, said]))
}

/** The legs that a run is told of: those that were there before and are another, or that came or went with their refund. */
const expectTouched = async (before: ReadonlyMap<bigint, string>): Promise<void> => {
  const after = await readByRuns()
  const gone = (said: string | undefined): boolean => said?.startsWith('f ') ?? true
  const changed = [...before].filter(
    ([leg_no, said]) => said !== after.get(leg_no) && !(gone(said) && gone(after.get(leg_no))),
  )
  const touched = await database.query<{ item_no: bigint }>('select item_no from touched_item')
  expect(new Set(touched.map(({ item_no }) => item_no))).toEqual(new Set(changed.map(([leg_no]) => leg_no)))
}

test('however pages break off and begin anew, the ledger holds the last that came of each refund', async () => {
  // a few refunds fill a page or are sent together: pages end within what is undone, and beyond it
  const size = fc.record({ page_refunds: fc.constantFrom(1, 3, 250), sent_every: fc.constantFrom(1, 5, 100) })
  const history = fc.array(fc.record({ listing, size }), { minLength: 1, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(history, async (pulls) => {
      await database.query(
        'truncate ledger_refund, ledger_leg, ledger_refund_version, ledger_page, quarantine, pull, touched_item cascade',
      )
      const held = new Map<number, Held>()
      for (const { listing, size } of pulls) {
        const identity = { business_id: BUSINESS, direction: 'customer', as_of: '2026-11-01T06:00:00Z' } as const
        const now = (): string => identity.as_of
        const { complete, maybe_cut } = listing
        await database.query('truncate touched_item')
        const before = await readByRuns()
        const receive = async (stage: PullStage): Promise<PullEnd> => {
          await arrive(stage, listing, held, size.sent_every)
          const problem = complete ? null : 'the answer broke off'
          return { complete, problem, maybe_cut, pages: 1, bytes: 1n, sha256: 'x', page_ends: [], is_unchanged: false }
        }
        const outcome: PullOutcome = await takePull(database, { ...identity, now }, receive, size.page_refunds)
        expect(outcome).toMatchObject(meant(held, listing))
        expect(new Map(await storedRefunds())).toEqual(held)
        expect(await idlePages()).toBe(0)
        expect(await storedLegs()).toEqual(legsOf(held))
        await expectTouched(before)
        const [aside] = await database.query('select count(*) as number from quarantine where pull_id = $1', [
          outcome.pull_id,
        ])
        expect(aside).toEqual({ number: outcome.quarantined })
      }
    }),
    { numRuns: RUNS },
  )
})
