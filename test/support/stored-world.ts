/** Puts small worlds straight into the tables, as intake would have left them, night by night, and reads back what stands. */

import { randomUUID } from 'node:crypto'
import type { Db } from '../../src/database/connect.ts'
import { type Besides, type FeePolicy, namedBy, settingsOf } from './besides.ts'
import type { PlainLeg, PlainMatch, PlainOther, PlainResult, PlainRow, PlainWorld } from './plain-matching.ts'
import { isSameLeg, isSameRow } from './plain-nights.ts'

/** A world with what stands beside it, and which night it is. */
export interface StoredNight {
  world: PlainWorld
  besides: Besides
  night: number
  /** the instant of the night's pulls and run */
  as_of: string
}

// ---------------------------------------------------------------------------------------------------------------------
// Settings and files
// ---------------------------------------------------------------------------------------------------------------------

const BUSINESS = `
  insert into business (business_id, name, currency, time_zone, ledger_lag_days, outside_processors)
  values ($1, 'A test business', $2, 'UTC', 2, '{}')`

const ALIAS = `insert into processor_alias values ($1, 'STRIPE_CONNECT', 'STRIPE')`

const FILE = `
  insert into processor_file (business_id, processor, account, name, path, sha256, bytes, format, refund_id_pattern,
    payment_id_patterns, as_of, imported_at, records, accepted, known, quarantined, covers_from, covers_to, coverage_source,
    totals, totals_hold, categories, brought)
  values ($1, $2, $3, lower($2) || '.csv', lower($2) || '.csv', $4, 0, 'test', $5, $6, '2026-10-01T00:00:00Z',
    '2026-10-01T00:00:00Z', 0, 0, 0, 0, '2026-09-01', '2026-09-01', 'given', '[]', true, '[]', '[]')`

/** Rows have one of these accounts. */
const ACCOUNTS = ['', 'second']

async function storeBusiness(db: Db, { world, besides }: StoredNight): Promise<string> {
  const business_id = randomUUID()
  await db.query(BUSINESS, [business_id, world.currency])
  await db.query(ALIAS, [business_id])
  for (const [processor, { refund_id_shapes, payment_id_shapes }] of world.processors) {
    for (const account of ACCOUNTS) {
      await db.query(
        'insert into processor_account (business_id, processor, account, coverage_hole_days) values ($1, $2, $3, 3)',
        [business_id, processor, account],
      )
      for (const [place, shape] of refund_id_shapes.entries()) {
        const shapes = [shape.source, payment_id_shapes.map(({ source }) => source)]
        await db.query(FILE, [business_id, processor, account, `${processor} ${account} ${place}`, ...shapes])
      }
    }
  }
  for (const { on, from, to, rate } of besides.rates)
    await db.query('insert into exchange_rate values ($1, $2, $3, $4, $5, $5)', [business_id, on, from, to, rate])
  return business_id
}

const SETTINGS = `
  with business as (
    update business set starts_on = $2, outside_processors = $3 where business_id = $1
  ),
  files as (
    update processor_file set covers_to = $4::date where business_id = $1
  ),
  policies_gone as (delete from fee_policy where business_id = $1)
  insert into processor_setting (business_id, processor, settlement_lag_days, date_window_days, usual_lag_days, match_payouts,
    amount_tolerance, fee_tolerance)
  select $1, rules.processor, 5, rules.window_days, rules.lag, rules.match_payouts, $6, $7
  from json_to_recordset($5) as rules (processor text, window_days integer, lag integer, match_payouts boolean)
  on conflict (business_id, processor) do update
  set date_window_days = excluded.date_window_days, usual_lag_days = excluded.usual_lag_days,
    match_payouts = excluded.match_payouts, amount_tolerance = excluded.amount_tolerance, fee_tolerance = excluded.fee_tolerance`

const POLICIES = `
  insert into fee_policy (business_id, processor, from_month, tie, categories)
  select $1, policy.processor, policy.from, policy.tie, case policy.tie when 'month' then '{fees}'::text[] else '{}' end
  from json_to_recordset($2) as policy (processor text, "from" date, tie text)`

async function storeSettings(
  db: Db,
  business_id: string,
  { world, besides, night, as_of }: StoredNight,
): Promise<void> {
  const { policies, amount_tolerance, fee_tolerance, outside } = settingsOf(besides, night)
  const rules = [...world.processors].map(([processor, { window, lag, match_payouts }]) => ({
    ...{ processor, window_days: window, lag, match_payouts },
  }))
  await db.query(SETTINGS, [
    ...[
      business_id,
      world.starts_on,
      outside,
      dayBefore(as_of),
      JSON.stringify(rules),
      amount_tolerance,
      fee_tolerance,
    ],
  ])
  if (policies.length > 0) await db.query(POLICIES, [business_id, JSON.stringify(policies satisfies FeePolicy[])])
}

const dayBefore = (instant: string): string => new Date(Date.parse(instant) - 86_400_000).toISOString().slice(0, 10)

// ---------------------------------------------------------------------------------------------------------------------
// Refunds with their legs
// ---------------------------------------------------------------------------------------------------------------------

/** A leg as stored, with the processor and method that the books name. */
interface StoredLeg extends Omit<PlainLeg, 'processor'> {
  processor_named: string | null
  method: string
}

const numberIn = (id: string): number => Number(/\d+/.exec(id)?.[0] ?? 0)
const inTurn = <T>(values: readonly T[], id: string): T | undefined => values[numberIn(id) % values.length]

const storedLeg = (leg: PlainLeg): StoredLeg => {
  const named = namedBy(leg)
  return { ...leg, processor_named: named === 'UNASSIGNED' ? null : named, method: 'CREDIT_CARD' }
}

/** All legs of a night: those of the world, and those that are in cash or of nothing, with keys like the others'. */
function legsOf({ world, besides }: StoredNight): StoredLeg[] {
  const first = new Map(world.legs.toReversed().map((leg) => [`${leg.direction} ${leg.refund}`, leg]))
  const further = [...first.values()].flatMap((leg): StoredLeg[] => {
    const kind = inTurn(besides.further, leg.refund)
    const beside = { ...storedLeg(leg), id: `${kind} ${leg.refund}`, refund_fee: 0, returned_fee: 0 }
    if (kind === 'cash') return [{ ...beside, amount: 70, refund_fee: 7, processor_named: null, method: 'CASH' }]
    return kind === 'empty' ? [{ ...beside, amount: 0 }] : []
  })
  return [...world.legs.map(storedLeg), ...further]
}

interface StoredRefund {
  direction: string
  refund_id: string
  refunded_amount: number
  payments_sum: number
  allocations_sum: number | null
  line_items_differ: boolean
  reference_keys: string[]
  payment_keys: string[]
}

function refundsOf(night: StoredNight): StoredRefund[] {
  const refunds = new Map<string, StoredRefund>()
  for (const leg of legsOf(night)) {
    const name = `${leg.direction} ${leg.refund}`
    const known = refunds.get(name)
    const sum = (known?.payments_sum ?? 0) + leg.amount
    const imbalance = inTurn(night.besides.imbalances, leg.refund)
    refunds.set(name, {
      direction: leg.direction,
      refund_id: leg.refund,
      refunded_amount: sum + (imbalance === 'payments' ? 5 : 0),
      payments_sum: sum,
      allocations_sum: imbalance === 'nothing' ? null : sum + (imbalance === 'line items' ? 0 : 5),
      line_items_differ: imbalance === 'line items',
      reference_keys: leg.references,
      payment_keys: leg.payment_keys,
    })
  }
  return [...refunds.values()]
}

const PULLS = `
  insert into pull (business_id, direction, as_of, started_at, finished_at, complete, maybe_cut, refunds, quarantined, pages, bytes, sha256)
  select $1, direction, $2, $2, $2, true, false, 0, 0, 1, 2, ''
  from unnest(array['customer', 'vendor']) as direction
  returning direction, pull_id`

/** What the two listings hold: a refund that is new comes with its content, one that is gone is removed. */
const REFUNDS = `
  with listed as (
    select refund.*, case refund.direction when 'customer' then $3::bigint else $4::bigint end as pull_id,
      row_number() over () as place
    from json_to_recordset($2) as refund (direction text, refund_id text, refunded_amount bigint, payments_sum bigint,
      allocations_sum bigint, line_items_differ boolean, reference_keys text[], payment_keys text[])
  ),
  content as (
    insert into ledger_page (business_id, pull_id, page_no, refunds, codec, raw)
    select $1, pull_id, place, 1, 'none', ''
    from listed
    where not exists (
      select from ledger_refund known
      where known.business_id = $1 and known.direction = listed.direction and known.refund_id = listed.refund_id)
  ),
  gone as (
    update ledger_refund stored set removed_pull_id = case stored.direction when 'customer' then $3::bigint else $4::bigint end
    where stored.business_id = $1 and stored.removed_pull_id is null and not exists (
      select from listed where listed.direction = stored.direction and listed.refund_id = stored.refund_id)
  )
  insert into ledger_refund (business_id, direction, refund_id, content_hash, refunded_amount, status, reference_keys,
    payment_keys, allocation_amounts, allocations_sum, payments_sum, line_items_differ, content_pull_id, content_page, content_place,
    first_pull_id, changed_pull_id, last_pull_id)
  select $1, direction, refund_id, refund_id, refunded_amount, 'PAID', reference_keys, payment_keys,
    case when allocations_sum is not null then array[allocations_sum] end, allocations_sum, payments_sum, line_items_differ,
    pull_id, place, 0, pull_id, pull_id, pull_id
  from listed
  on conflict (business_id, direction, refund_id) do update
  set reference_keys = excluded.reference_keys, payment_keys = excluded.payment_keys, refunded_amount = excluded.refunded_amount,
    payments_sum = excluded.payments_sum, allocation_amounts = excluded.allocation_amounts,
    allocations_sum = excluded.allocations_sum, removed_pull_id = null`

const TOUCH_LEGS = `
  insert into touched_item (business_id, item_no, month_before)
  select leg.business_id, leg.leg_no, date_trunc('month', leg.completed_on)::date
  from ledger_leg leg where leg.business_id = $1 and leg.leg_id = any ($2)
  on conflict do nothing`

const LEGS = `
  with gone as (
    update ledger_leg set active = false where business_id = $1 and leg_id = any ($3)
  )
  insert into ledger_leg (business_id, direction, refund_id, leg_id, ordinal, processor_named, method, amount, refund_fee,
    returned_fee, completed_on, identity_keys, payment_keys)
  select $1, leg.direction, leg.refund, leg.id, 0, leg.processor_named, leg.method, leg.amount, leg.refund_fee,
    leg.returned_fee, leg.date, leg.identity, leg.payment_keys
  from json_to_recordset($2) as leg (direction text, refund text, id text, processor_named text, method text, amount bigint,
    refund_fee bigint, returned_fee bigint, date date, identity text[], payment_keys text[])
  on conflict (business_id, direction, refund_id, leg_id, ordinal) do update
  set processor_named = excluded.processor_named, amount = excluded.amount, refund_fee = excluded.refund_fee,
    returned_fee = excluded.returned_fee, completed_on = excluded.completed_on, identity_keys = excluded.identity_keys,
    payment_keys = excluded.payment_keys, active = true`

const isSame = (one: StoredLeg, other: StoredLeg | undefined): boolean =>
  other !== undefined &&
  isSameLeg({ ...one, processor: one.processor_named ?? '' }, { ...other, processor: other.processor_named ?? '' })

async function storeLedger(db: Db, business_id: string, before: StoredNight | null, now: StoredNight): Promise<void> {
  const pulls = await db.query<{ direction: string; pull_id: bigint }>(PULLS, [business_id, now.as_of])
  const pullOf = (direction: string): bigint | undefined => pulls.find((pull) => pull.direction === direction)?.pull_id
  const refunds = JSON.stringify(refundsOf(now))
  await db.query(REFUNDS, [business_id, refunds, pullOf('customer'), pullOf('vendor')])
  const earlier = before === null ? [] : legsOf(before)
  const legs = legsOf(now)
  const fresh = legs.filter(
    (leg) =>
      !isSame(
        leg,
        earlier.find(({ id }) => id === leg.id),
      ),
  )
  const gone = earlier.filter((leg) => !legs.some(({ id }) => id === leg.id)).map(({ id }) => id)
  if (before !== null) await db.query(TOUCH_LEGS, [business_id, [...fresh.map(({ id }) => id), ...gone]])
  await db.query(LEGS, [business_id, JSON.stringify(fresh), gone])
}

// ---------------------------------------------------------------------------------------------------------------------
// Rows
// ---------------------------------------------------------------------------------------------------------------------

interface StoredRow extends Omit<PlainRow, 'type'> {
  type: string
  category: string | null
  presented: number | null
}

const rowOfOther = ({ refund_fee, ...other }: PlainOther): StoredRow => ({
  ...other,
  account: '',
  category: other.type === 'other' ? 'fees' : null,
  refund_fee,
  returned_fee: 0,
  references: [],
  payout_id: null,
})

/** What the customer saw of a row, in euros. */
export function presentedOf(row: PlainRow, besides: Besides): number | null {
  const seen = inTurn(besides.presented, row.id) ?? null
  return seen === null ? null : row.amount * seen
}

function rowsOf({ world, besides }: StoredNight): StoredRow[] {
  const rows = world.rows.map((row): StoredRow => ({ ...row, category: null, presented: presentedOf(row, besides) }))
  return [...rows, ...world.others.map(rowOfOther)]
}

const keyOf = (row: StoredRow): string => `${row.processor} ${row.account}/${row.id}`

const TOUCH_ROWS = `
  insert into touched_item (business_id, item_no, month_before)
  select line.business_id, line.row_no, date_trunc('month', line.occurred_on)::date
  from processor_row line
  where line.business_id = $1 and concat(line.processor, ' ', line.account, '/', line.transaction_id) = any ($2)
  on conflict do nothing`

const ROWS = `
  with gone as (
    update processor_row set active = false
    where business_id = $1 and concat(processor, ' ', account, '/', transaction_id) = any ($3)
  )
  insert into processor_row (business_id, processor, account, transaction_id, type, category, refund_id, payment_ids, reference_ids,
    amount, refund_fee, returned_fee, currency, presented_amount, presented_currency, occurred_on, payout_id, direction, file_id, line)
  select $1, line.processor, line.account, line.id, line.type, line.category, line.refund_id, line.payment_ids, line."references",
    line.amount, line.refund_fee, line.returned_fee, line.currency, line.presented,
    case when line.presented is not null then 'EUR' end, line.date, line.payout_id,
    case line.type when 'vendor_refund' then 'vendor' else 'customer' end,
    (select min(file_id) from processor_file file
     where file.business_id = $1 and file.processor = line.processor and file.account = line.account), 1
  from json_to_recordset($2) as line (processor text, account text, id text, type text, category text, refund_id text,
    payment_ids text[], "references" text[], amount bigint, refund_fee bigint, returned_fee bigint, currency text,
    presented bigint, date date, payout_id text)
  on conflict (business_id, transaction_id, processor, account) do update
  set refund_id = excluded.refund_id, payment_ids = excluded.payment_ids, reference_ids = excluded.reference_ids,
    amount = excluded.amount, refund_fee = excluded.refund_fee, returned_fee = excluded.returned_fee,
    currency = excluded.currency, presented_amount = excluded.presented_amount,
    presented_currency = excluded.presented_currency, occurred_on = excluded.occurred_on, payout_id = excluded.payout_id,
    active = true`

async function storeFiles(db: Db, business_id: string, before: StoredNight | null, now: StoredNight): Promise<void> {
  const earlier = new Map(before === null ? [] : rowsOf(before).map((row) => [keyOf(row), row]))
  const rows = rowsOf(now)
  const fresh = rows.filter((row) => {
    const known = earlier.get(keyOf(row))
    return known === undefined || !isSameRow(row as PlainRow, known as PlainRow) || row.presented !== known.presented
  })
  const gone = [...earlier.keys()].filter((key) => !rows.some((row) => keyOf(row) === key))
  if (before !== null) await db.query(TOUCH_ROWS, [business_id, [...fresh.map(keyOf), ...gone]])
  await db.query(ROWS, [business_id, JSON.stringify(fresh), gone])
}

// ---------------------------------------------------------------------------------------------------------------------
// Rulings
// ---------------------------------------------------------------------------------------------------------------------

const NAME = `case line.account when '' then line.transaction_id else line.account || '/' || line.transaction_id end`

const RULING = `
  insert into ruling (business_id, ruling_id, kind, leg_nos, row_nos, by_name, at)
  select $1, $2, $3,
    array(select coalesce(leg.leg_no, -1) from unnest($4::text[]) with ordinality as asked (id, place)
          left join ledger_leg leg on leg.business_id = $1 and leg.leg_id = asked.id order by asked.place),
    array(select coalesce(line.row_no, -1) from unnest($5::text[]) with ordinality as asked (name, place)
          left join processor_row line on line.business_id = $1 and ${NAME} = asked.name
          order by asked.place),
    'a person', now() + $6 * interval '1 second'
  on conflict (business_id, ruling_id) do update set forgotten_at = null`

async function storeRulings(
  db: Db,
  business_id: string,
  before: StoredNight | null,
  { world }: StoredNight,
): Promise<void> {
  const { rulings } = world
  if (before !== null) await db.query('update ruling set forgotten_at = now() where business_id = $1', [business_id])
  const all = [
    ...rulings.match.map((one) => ({ kind: 'match', ...one })),
    ...rulings.unmatch.map(({ leg, row }) => ({ kind: 'unmatch', legs: [leg], rows: [row] })),
  ]
  for (const [place, { kind, legs, rows }] of all.entries()) {
    await db.query(RULING, [business_id, JSON.stringify([kind, legs, rows]), kind, legs, rows, place])
  }
}

/** Stores the first night as a business of its own and gives its id, or a later one of a business. */
export async function storeNight(
  db: Db,
  night: StoredNight,
  earlier: { business_id: string; night: StoredNight } | null,
): Promise<string> {
  const business_id = earlier?.business_id ?? (await storeBusiness(db, night))
  const before = earlier?.night ?? null
  await storeSettings(db, business_id, night)
  await storeLedger(db, business_id, before, night)
  await storeFiles(db, business_id, before, night)
  await storeRulings(db, business_id, before, night)
  return business_id
}

// ---------------------------------------------------------------------------------------------------------------------
// What stands
// ---------------------------------------------------------------------------------------------------------------------

const MATCHES = `
  select min(matched.pass) as pass, coalesce(array_agg(leg.leg_id) filter (where leg.leg_id is not null), '{}') as legs,
    coalesce(array_agg(${NAME}) filter (where line.row_no is not null), '{}') as rows
  from match_item matched
  left join ledger_leg leg on leg.business_id = matched.business_id and leg.leg_no = matched.leg_no
  left join processor_row line on line.business_id = matched.business_id and line.row_no = matched.row_no
  where matched.business_id = $1
  group by matched.match_no`

const OPEN = `
  select open.state, coalesce(array_agg(leg.leg_id) filter (where leg.leg_id is not null), '{}') as legs,
    coalesce(array_agg(${NAME}) filter (where line.row_no is not null), '{}') as rows
  from open_item open
  left join ledger_leg leg on leg.business_id = open.business_id and leg.leg_no = open.item_no
  left join processor_row line on line.business_id = open.business_id and line.row_no = open.item_no
  where open.business_id = $1 and open.state <> 'unmatched'
  group by open.state, coalesce(open.island_no, open.item_no)`

/** What the stored tables say of the matching, in the form of the plain rules. */
export async function storedResult(db: Db, business_id: string): Promise<PlainResult> {
  const open = await db.query<{ state: string; legs: string[]; rows: string[] }>(OPEN, [business_id])
  return {
    matches: await db.query<PlainMatch>(MATCHES, [business_id]),
    duplicates: open.filter(({ state }) => state === 'duplicate').flatMap(({ legs }) => legs),
    ambiguous: open.filter(({ state }) => state === 'ambiguous').map(({ legs, rows }) => ({ legs, rows })),
  }
}

const OVER_REFUNDS = `
  select (select string_agg(${NAME}, ', ' order by ${NAME} collate "C")
          from processor_row line where line.business_id = $1 and line.row_no = any (stored.row_nos)) as text
  from discrepancy stored
  where stored.business_id = $1 and stored.code = 'OVER_REFUND' and stored.status <> 'cleared'`

/** The rows of the OVER_REFUND findings that stand, by name, a line each. */
export async function storedOverRefunds(db: Db, business_id: string): Promise<string[]> {
  const lines = await db.query<{ text: string }>(OVER_REFUNDS, [business_id])
  return lines.map(({ text }) => text).sort()
}

/** All that a run leaves, a line each, by names instead of numbers, so that two businesses with the same data say the same. */
const STANDING = `
  with name as (
    select leg_no as item_no, 'leg ' || leg_id as name from ledger_leg where business_id = $1
    union all
    select row_no, concat_ws(' ', 'row', processor, ${NAME}) from processor_row line where business_id = $1
  ),
  matched as (
    select matched.match_no, concat_ws(' ', 'match', min(matched.pass), case when bool_and(matched.balanced) then 'balanced' end,
      string_agg(name.name, ', ' order by name.name)) as text
    from match_item matched
    join name on name.item_no in (matched.leg_no, matched.row_no)
    where matched.business_id = $1
    group by matched.match_no
  ),
  found as (
    select concat_ws(' ', stored.code, stored.discrepancy_id, stored.status, stored.direction, stored.processor, stored.currency,
      stored.refund_id, stored.month, stored.measure, 'of', stored.dated_on, 'due', stored.due_on, 'seen', stored.first_seen_at, ':',
      (select string_agg(name.name, ', ' order by listed.place)
       from unnest(stored.leg_nos || stored.row_nos) with ordinality as listed (item_no, place) join name using (item_no)), ':',
      (select string_agg(concat_ws(' ', effect.month, effect.processor, effect.currency, effect.amount, effect.refund_fee, effect.returned_fee),
         ', ' order by effect.month, effect.processor, effect.currency)
       from discrepancy_effect effect where effect.business_id = $1 and effect.discrepancy_id = stored.discrepancy_id)) as text
    from discrepancy stored
    where stored.business_id = $1 and stored.status <> 'cleared'
  )
  select text from matched
  union all
  select concat_ws(' ', 'open', open.state, string_agg(name.name, ', ' order by name.name))
  from open_item open join name using (item_no)
  where open.business_id = $1
  group by open.state, coalesce(open.island_no, open.item_no)
  union all
  select concat_ws(' ', 'reversal', own.name, 'of', refund.name, line.direction)
  from processor_row line
  join name own on own.item_no = line.row_no
  left join name refund on refund.item_no = line.reversal_of
  where line.business_id = $1 and line.type = 'refund_reversal' and line.active
  union all
  select text from found
  union all
  select concat_ws(' ', 'tie-out', direction, processor, currency, month, measure, tied, ledger, processor_total, explained, unexplained, gross)
  from tie_out_line where business_id = $1
  union all
  select concat_ws(' ', 'total', direction, processor, pass, legs, rows, amount, count) from match_total where business_id = $1
  union all
  select concat_ws(' ', 'outside', direction, method, processor, currency, month, legs, amount) from outside_total where business_id = $1
  union all
  select concat_ws(' ', 'verdict', month, verdict, reasons) from month_verdict where business_id = $1
  union all
  select concat_ws(' ', 'note', code, text, count, amount) from note where business_id = $1
  union all
  select concat_ws(' ', 'linked', linked.direction, linked.processor, linked.currency, string_agg(name.name, ', ' order by name.name))
  from over_refund linked cross join unnest(linked.row_nos) as listed (item_no) join name using (item_no)
  where linked.business_id = $1
  group by linked.direction, linked.processor, linked.currency, linked.payment_nos`

export async function standingOf(db: Db, business_id: string): Promise<string[]> {
  const lines = await db.query<{ text: string }>(STANDING, [business_id])
  return lines.map(({ text }) => text).sort()
}
