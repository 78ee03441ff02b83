/**
 * What persons rule about matching (spec section 7): these legs and rows are one match, or no pair of them is. Rulings stand
 * above the passes; the next run follows them. In a transaction, under the business's lock.
 */

import { createHash } from 'node:crypto'
import { ReviewFault } from '../core/errors.ts'
import { personName } from '../core/person.ts'
import type { Db } from '../database/connect.ts'
import { type RowOf, run } from '../database/statement.ts'
import type { Taken } from './deeds.ts'
import { appendEvents, type ChainEnd, NO_EVENT } from './events.ts'
import { momentText } from './history.ts'
import { changedSince, standingOf } from './judge.ts'
import type { Act } from './repairs.ts'

/** Numbers of legs and rows. */
export interface Items {
  leg_nos: readonly bigint[]
  row_nos: readonly bigint[]
}

/** A ruling that stands. */
export type StandingRuling = RowOf<'review/rulings', 'note'>

export const readRulings = async (db: Db, business_id: string): Promise<StandingRuling[]> =>
  await run<StandingRuling>(db, 'review/rulings', [business_id])

type Ruled = RowOf<
  'review/ruled_items',
  'leg_no' | 'row_no' | 'left_out' | 'match_no' | 'pass' | 'ruling_id' | 'by_name'
>

/** What was ruled last about some legs and rows, or taken back; null: nothing ever was. */
export type LastRuling = RowOf<'review/last_ruling', 'to_state' | 'note'>

export const lastRuling = async (
  db: Db,
  business_id: string,
  { leg_nos, row_nos }: Items,
): Promise<LastRuling | null> =>
  (await run<LastRuling>(db, 'review/last_ruling', [business_id, leg_nos, row_nos]))[0] ?? null

/** What a person saw of a finding when they ruled about it: its state, and the event of the last ruling about its items (0: none). */
export interface Seen {
  taken: Taken
  ruling: bigint
}

/** Throws ReviewFault where the finding is not any more as it was seen, or something was ruled about its items since. */
export const refuseUnseen = async (db: Db, business_id: string, { taken, ruling }: Seen): Promise<void> => {
  const changed = changedSince(
    taken,
    (await standingOf(db, business_id, [taken.discrepancy_id])).get(taken.discrepancy_id),
  )
  if (changed !== null) throw new ReviewFault(`nothing was written: ${changed}`)
  const items = await (await db.kysely())
    .selectFrom('discrepancy')
    .select(['leg_nos', 'row_nos'])
    .where('business_id', '=', business_id)
    .where('discrepancy_id', '=', taken.discrepancy_id)
    .executeTakeFirstOrThrow()
  const last = await lastRuling(db, business_id, items)
  if (last === null || last.event_number === ruling) return
  const did = last.kind !== 'ruled' ? 'took a ruling about it back' : `ruled ${last.to_state} about it`
  throw new ReviewFault(`nothing was written: ${last.actor} ${did} on ${momentText(last.at)}, after you looked at it`)
}

const nameOf = ({ side, name }: Ruled): string => `${side === 1 ? 'leg' : 'row'} ${name}`

/**
 * Makes these legs and rows one match, whatever the rules say.
 * @throws ReviewFault where they are not of one direction and processor, count nowhere, or are in another ruling
 */
export async function ruleMatch(db: Db, business_id: string, items: Items, act: Act): Promise<StandingRuling> {
  const ruled = await run<Ruled>(db, 'review/ruled_items', [business_id, items.leg_nos, items.row_nos])
  if (!ruled.some(({ side }) => side === 1) || !ruled.some(({ side }) => side === 2))
    throw new ReviewFault('a match has a leg of the ledger and a row of a processor, at least one of each')
  for (const item of ruled) {
    if (item.left_out !== null) throw new ReviewFault(`${nameOf(item)} ${item.left_out}: it cannot be matched`)
    if (item.ruling_id !== null) {
      throw new ReviewFault(
        `${nameOf(item)} is in ruling ${item.ruling_id} by ${item.by_name} already: take that back first (\`tieout review forget ${item.ruling_id}\`)`,
      )
    }
  }
  const [first, ...others] = ruled
  const apart = others.find((item) => item.direction !== first?.direction || item.processor !== first?.processor)
  if (first !== undefined && apart !== undefined) {
    const whose = (item: Ruled): string => `${nameOf(item)} is a ${item.direction} refund of ${item.processor}`
    throw new ReviewFault(
      `${whose(first)}, and ${whose(apart)}: a match is of one direction and processor; where the ledger names the wrong one, correct it in Layer, or add an alias to tieout.yaml`,
    )
  }
  return await keepRuling(db, business_id, 'match', ruled, act)
}

/**
 * Undoes the match that these are in, and forbids each pair of these legs and of its rows.
 * @throws ReviewFault where they are in no match, or in several
 */
export async function ruleUnmatch(db: Db, business_id: string, items: Items, act: Act): Promise<StandingRuling> {
  const matches = await run<RowOf<'review/matched_with'>>(db, 'review/matched_with', [
    ...([business_id, items.leg_nos, items.row_nos] as const),
  ])
  const [match, ...others] = matches
  if (match === undefined) throw new ReviewFault('these legs and rows are in no match, so there is none to undo')
  if (others.length > 0) throw new ReviewFault('these legs and rows are in several matches: undo them one by one')
  const own = match.leg_nos.filter((leg_no) => items.leg_nos.includes(leg_no))
  const leg_nos = own.length > 0 ? own : match.leg_nos
  if (leg_nos.length === 0 || match.row_nos.length === 0)
    throw new ReviewFault(
      'this match has no leg: the refund was cancelled at the processor, and no pair is to be undone',
    )
  const ruled = await run<Ruled>(db, 'review/ruled_items', [business_id, leg_nos, match.row_nos])
  return await keepRuling(db, business_id, 'unmatch', ruled, act)
}

async function keepRuling(
  db: Db,
  business_id: string,
  kind: 'match' | 'unmatch',
  ruled: readonly Ruled[],
  act: Act,
): Promise<StandingRuling> {
  const [last] = await run<ChainEnd>(db, 'event/last', [business_id])
  const end = last ?? NO_EVENT
  const id = createHash('sha256').update(`${business_id} ${end.hash}`).digest('hex').slice(0, 12)
  const by = personName(act.by)
  const names = (side: number): string[] => ruled.filter((item) => item.side === side).map(({ name }) => name)
  const ruling: StandingRuling = {
    ...{ id, kind, by, at: act.at, note: act.note },
    leg_nos: ruled.flatMap(({ leg_no }) => leg_no ?? []),
    row_nos: ruled.flatMap(({ row_no }) => row_no ?? []),
    legs: names(1),
    rows: names(2),
  }
  const { leg_nos, row_nos } = ruling
  await (await db.kysely())
    .insertInto('ruling')
    .values({ business_id, ruling_id: id, kind, leg_nos, row_nos, by_name: by, at: act.at, note: act.note })
    .execute()
  const event = { at: act.at, actor: by, kind: 'ruled', subject: `ruling ${id}`, from_state: null, to_state: kind }
  await appendEvents(db, business_id, end, [
    { ...event, note: act.note, details: { legs: ruling.legs, rows: ruling.rows } },
  ])
  return ruling
}

/** Takes a ruling back. Throws ReviewFault where it does not stand any more. */
export async function forgetRuling(db: Db, business_id: string, ruling: StandingRuling, act: Act): Promise<void> {
  const [forgotten] = await (await db.kysely())
    .updateTable('ruling')
    .set({ forgotten_at: act.at })
    .where('business_id', '=', business_id)
    .where('ruling_id', '=', ruling.id)
    .where('forgotten_at', 'is', null)
    .execute()
  if (forgotten?.numUpdatedRows !== 1n) throw new ReviewFault(`ruling ${ruling.id} was taken back already`)
  const [last] = await run<ChainEnd>(db, 'event/last', [business_id])
  const event = { at: act.at, actor: personName(act.by), kind: 'ruling_forgotten', subject: `ruling ${ruling.id}` }
  await appendEvents(db, business_id, last ?? NO_EVENT, [
    {
      ...event,
      from_state: ruling.kind,
      to_state: null,
      note: act.note,
      details: { legs: ruling.legs, rows: ruling.rows },
    },
  ])
}
