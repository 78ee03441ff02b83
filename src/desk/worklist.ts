/** The worklist: which findings an address means, a page of them, and what all of them come to. */

import { CODES, type Code, type DiscrepancyClass } from '../core/discrepancy.ts'
import { parseMajor } from '../core/money.ts'
import { addDays, dateInZone, daysBetween } from '../core/period.ts'
import { foldedName } from '../core/person.ts'
import type { Db } from '../database/connect.ts'
import { type RowOf, run } from '../database/statement.ts'
import { AGES } from '../report/age.ts'
import { CODES_IN_ORDER } from '../report/discrepancies.ts'
import type { BusinessLine, Status } from '../report/lines.ts'
import { Kept } from './kept.ts'

/** Lines of a page. */
const PAGE = 50

/** Items that are decided about at once, at most. */
export const MOST_DECIDED = 5_000

export const SHOWS = {
  todo: { title: 'To do', classes: ['error', 'timing'] },
  error: { title: 'To correct', classes: ['error'] },
  timing: { title: 'Still to arrive', classes: ['timing'] },
  info: { title: 'For information', classes: ['info'] },
  all: { title: 'All kinds', classes: ['error', 'timing', 'info'] },
} as const satisfies Record<string, { title: string; classes: readonly DiscrepancyClass[] }>
export type Show = keyof typeof SHOWS

export const STATES = {
  todo: { title: 'Not resolved', statuses: ['open', 'acknowledged'] },
  open: { title: 'Open', statuses: ['open'] },
  acknowledged: { title: 'Acknowledged', statuses: ['acknowledged'] },
  resolved: { title: 'Resolved', statuses: ['resolved'] },
  all: { title: 'All states', statuses: ['open', 'acknowledged', 'resolved'] },
} as const satisfies Record<string, { title: string; statuses: readonly Status[] }>
export type State = keyof typeof STATES

/** What an address means; a word that it does not know is as if it were not there. */
export interface Filter {
  q: string
  show: Show
  code: Code | ''
  processor: string
  state: State
  /** '': everybody's; 'nobody': of nobody */
  owner: string
  /** of AGES; '': any */
  age: string
  only_new: boolean
  /** of the last finding of the page before: its size and its id */
  after: readonly [size: string, id: string] | null
}

const LONGEST_SEARCH = 200

export const filterOf = (query: URLSearchParams): Filter => {
  const said = (name: string): string => (query.get(name) ?? '').trim().slice(0, LONGEST_SEARCH)
  const oneOf = <K extends string>(known: Readonly<Record<K, unknown>>, name: string, other: K): K =>
    Object.hasOwn(known, said(name)) ? (said(name) as K) : other
  const code = said('code')
  const after = /^(-?\d{1,30})_([\w-]{1,64})$/.exec(said('after'))
  return {
    q: said('q'),
    show: oneOf(SHOWS, 'show', usualShow({ q: said('q'), code })),
    code: CODES_IN_ORDER.find((each) => each === code) ?? '',
    processor: said('processor').toUpperCase(),
    state: oneOf(STATES, 'state', usualState({ q: said('q') })),
    owner: said('owner'),
    age: AGES.some(({ bucket }) => bucket === said('age')) ? said('age') : '',
    only_new: said('new') === '1',
    after: after ? [after[1] ?? '', after[2] ?? ''] : null,
  }
}

/** Where nothing is said: what is to do; a code and a search mean what they name, of whatever kind, and a search in whatever state. */
export const usualShow = ({ q, code }: { q: string; code: string }): Show => (code === '' && q === '' ? 'todo' : 'all')
export const usualState = ({ q }: { q: string }): State => (q === '' ? 'todo' : 'all')

/** The filter as an address says it again. */
export const queryOf = (filter: Filter) => {
  const { q, show, code, processor, state, owner, age, only_new } = filter
  return {
    ...{ q, code, processor, owner, age },
    show: show === usualShow(filter) ? '' : show,
    state: state === usualState(filter) ? '' : state,
    new: only_new ? '1' : '',
  }
}

type Stored = RowOf<
  'desk/worklist',
  | 'discrepancy_id'
  | 'size'
  | 'code'
  | 'direction'
  | 'processor'
  | 'status'
  | 'figure'
  | 'figure_currency'
  | 'dated_on'
  | 'due_on'
  | 'late'
  | 'refund_id'
  | 'owner'
  | 'owner_due_on'
  | 'is_new'
  | 'leg_refund_id'
  | 'leg_external_id'
  | 'ledger_references'
  | 'payment_keys'
  | 'transaction_id'
  | 'processor_references'
>

/** One line of the worklist. */
export interface Item {
  id: string
  code: Code
  status: Status
  /** minor units with the sign of ledger less processor; null: without a figure of its own */
  figure: bigint | null
  currency: string
  /** by what people know it: an order, an invoice, an id */
  known_as: string
  processor: string | null
  direction: string
  dated_on: string | null
  age_days: number | null
  due_on: string | null
  owner: string | null
  owner_due_on: string | null
  is_new: boolean
  late: boolean
}

/** What findings come to. */
export interface Sum {
  currency: string | null
  class: DiscrepancyClass
  /** of AGES; null: without a date */
  age: string | null
  count: number
  /** minor units, without signs */
  amount: bigint
}

export interface Page {
  items: Item[]
  sums: Sum[]
  /** the address's `after` of the next page; null: this is the last */
  next: string | null
}

interface Total {
  currency: string | null
  code: Code
  dated_on: string | null
  count: number
  amount: string
}

/** How many findings changed since the night before; before_at null: there was none. */
export type Since = RowOf<'desk/since', 'before_at'>

/** Reads worklists. What counts all findings is kept until something is decided or a run ends: `end` of the business's chain. */
export class Worklists {
  readonly #sums = new Kept<Sum[]>()
  readonly #since = new Kept<Since | null>()

  /** null: nothing has run. */
  async since(db: Db, business_id: string, end: bigint): Promise<Since | null> {
    const key = `${business_id} ${end}`
    const kept = this.#since.get(key)
    if (kept !== undefined) return kept
    const [since = null] = await run<Since>(db, 'desk/since', [business_id])
    this.#since.set(key, since)
    return since
  }

  async page(db: Db, business: BusinessLine, month: string, filter: Filter, end: bigint): Promise<Page> {
    const { business_id } = business
    const today = todayOf(business)
    const key = JSON.stringify([business_id, month, String(end), { ...filter, after: null }, today])
    const kept = this.#sums.get(key)
    const rows = await run<Stored>(db, 'desk/worklist', [
      ...paramsOf(business, month, filter, today),
      ...([BigInt(PAGE + 1), kept === undefined] as const),
    ])
    const items = itemsOf(rows, business, today)
    const sums = kept ?? sumsOf((rows[0]?.totals ?? []) as Total[], today)
    this.#sums.set(key, sums)
    const last = rows[PAGE - 1]
    const next = items.length > PAGE && last ? `${last.size}_${last.discrepancy_id}` : null
    return { items: items.slice(0, PAGE), sums, next }
  }
}

/** All that a filter means, the largest first; null: more than may be decided about at once. */
export const allMeant = async (
  db: Db,
  business: BusinessLine,
  month: string,
  filter: Filter,
): Promise<Item[] | null> => {
  const today = todayOf(business)
  const rows = await run<Stored>(db, 'desk/worklist', [
    ...paramsOf(business, month, { ...filter, after: null }, today),
    ...([BigInt(MOST_DECIDED + 1), false] as const),
  ])
  return rows.length > MOST_DECIDED ? null : itemsOf(rows, business, today)
}

const itemsOf = (rows: readonly Stored[], { currency }: BusinessLine, today: string): Item[] =>
  rows.flatMap((row) => itemOf(row, today) ?? []).map((item) => ({ ...item, currency: item.currency || currency }))

/** The date of the business's last run: ages count up to it. */
export const todayOf = ({ reconciled_as_of, time_zone }: BusinessLine): string =>
  reconciled_as_of === null ? '9999-12-31' : dateInZone(Date.parse(reconciled_as_of), time_zone)

const paramsOf = (
  { business_id, currency }: BusinessLine,
  month: string,
  { q, show, code, processor, state, owner, age, only_new, after }: Filter,
  today: string,
) => {
  const classes: readonly DiscrepancyClass[] = SHOWS[show].classes
  const codes = CODES_IN_ORDER.filter((each) => (code === '' || each === code) && classes.includes(CODES[each].class))
  const place = AGES.findIndex(({ bucket }) => bucket === age)
  const to = AGES[place]?.to ?? Number.POSITIVE_INFINITY
  const amount = amountOf(q, currency)
  return [
    ...([business_id, month, codes, [...STATES[state].statuses], processor === '' ? [] : [processor]] as const),
    owner === '' ? null : owner.toLowerCase() === 'nobody' ? '' : foldedName(owner),
    Number.isFinite(to) ? addDays(today, -to) : null,
    // a date after the last run counts as of its day
    place <= 0 ? null : addDays(today, -((AGES[place - 1]?.to ?? 0) + 1)),
    ...([q === '' ? null : q.toLowerCase(), amount === null ? null : `=${amount}`, only_new] as const),
    ...([after === null ? null : BigInt(after[0]), after?.[1] ?? null] as const),
  ] as const
}

/** '45,60', '45.60' and '1,234.50 USD' as minor units; null: it is no amount. */
const amountOf = (text: string, currency: string): bigint | null => {
  const bare = text.replace(new RegExp(`\\s*${currency}$`, 'i'), '')
  const minor = parseMajor(bare, currency) ?? parseMajor(bare, currency, ',')
  return minor === null || minor >= 0n ? minor : -minor
}

const ageGroupOf = (dated_on: string | null, today: string): string | null => {
  if (dated_on === null) return null
  const days = daysBetween(dated_on, today)
  return AGES.find(({ to }) => days <= to)?.bucket ?? null
}

const itemOf = (row: Stored, today: string): Item | null => {
  const { discrepancy_id: id, code, status, dated_on } = row
  if (id === null || code === null || status === null) return null
  const named = (row.ledger_references ?? []).filter((each) => !(row.payment_keys ?? []).includes(each))
  const known = [
    ...named,
    ...(row.processor_references ?? []),
    row.leg_external_id,
    row.leg_refund_id,
    row.transaction_id,
  ]
  return {
    ...{ id, code: code as Code, status: status as Status, dated_on, figure: row.figure, due_on: row.due_on },
    currency: row.figure_currency ?? '',
    known_as: known.find((each) => each !== null) ?? row.refund_id ?? '',
    ...{ processor: row.processor, direction: row.direction ?? 'customer' },
    age_days: dated_on === null ? null : Math.max(0, daysBetween(dated_on, today)),
    ...{ owner: row.owner, owner_due_on: row.owner_due_on, is_new: row.is_new === true, late: row.late === true },
  }
}

/** By currency, class and age. */
const sumsOf = (totals: readonly Total[], today: string): Sum[] => {
  const sums = new Map<string, Sum>()
  for (const { currency, code, dated_on, count, amount } of totals) {
    const part = { currency, class: CODES[code].class, age: ageGroupOf(dated_on, today) }
    const key = JSON.stringify(part)
    const sum = sums.get(key) ?? { ...part, count: 0, amount: 0n }
    sums.set(key, { ...sum, count: sum.count + count, amount: sum.amount + BigInt(amount) })
  }
  return [...sums.values()]
}
