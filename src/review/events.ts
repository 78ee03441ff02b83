/** The one writer of a business's events: numbered without gaps, each with the hash of the one before it (spec section 7). */

import { canonicalJson, sha256Of } from '../core/canonical-json.ts'
import type { Db } from '../database/connect.ts'
import { batches } from '../database/cursor.ts'
import { count, run } from '../database/statement.ts'

/** What happened. `subject` is what it is about: a discrepancy, a ruling, a file, a close; null: the run itself. */
export interface NewEvent {
  /** an instant in UTC: a run's as_of, a person's clock */
  at: string
  /** 'run' or a person's name */
  actor: string
  kind: string
  subject: string | null
  from_state: string | null
  to_state: string | null
  note: string | null
  /** what else belongs to it; amounts as text */
  details: Readonly<Record<string, unknown>> | null
}

/** The last event of a business's chain. */
export interface ChainEnd {
  event_number: bigint
  hash: string
}

/** Before the first event. */
export const NO_EVENT: ChainEnd = { event_number: 0n, hash: '0'.repeat(64) }

/** The hash of an event: over canonical JSON of its fields and the hash of the one before it; `details` as canonical JSON. */
export const hashOf = (
  business_id: string,
  event: NewEvent,
  details: string | null,
  number: bigint,
  before: string,
): string =>
  sha256Of(canonicalJson({ ...event, details, business_id, event_number: String(number), previous_hash: before }))

/** One form for one instant, whatever form it came in. */
const instantText = (at: string): string => new Date(at).toISOString()

/**
 * Appends events to the chain that ends with `end`, and gives its new end. The caller holds the business's lock, or has
 * read `end` in this transaction under it.
 */
export async function appendEvents(
  db: Db,
  business_id: string,
  end: ChainEnd,
  events: readonly NewEvent[],
): Promise<ChainEnd> {
  let last = end
  const stored: StoredEvent[] = []
  for (const given of events) {
    const event = { ...given, at: instantText(given.at) }
    const number = last.event_number + 1n
    const details = event.details === null ? null : canonicalJson(event.details)
    const hash = hashOf(business_id, event, details, number, last.hash)
    stored.push({ ...event, event_number: number, details, previous_hash: last.hash, hash })
    last = { event_number: number, hash }
  }
  const column = <C extends keyof StoredEvent>(name: C): StoredEvent[C][] => stored.map((event) => event[name])
  if (stored.length === 0) return last
  await count(db, 'event/append', [
    ...([business_id, column('event_number'), column('at'), column('actor'), column('kind')] as const),
    ...([column('subject'), column('from_state'), column('to_state'), column('note')] as const),
    ...([column('details'), column('previous_hash'), column('hash')] as const),
  ])
  return last
}

interface StoredEvent extends Omit<NewEvent, 'details'> {
  event_number: bigint
  /** canonical JSON */
  details: string | null
  previous_hash: string
  hash: string
}

/** The first event of a business's chain that does not hold, and why. */
export interface BrokenEvent {
  event_number: bigint
  /** in words: 'it was changed after it was written' */
  problem: string
}

/** Where a chain stood when something stated it: a report, a close. */
export interface ChainPoint {
  event_number: bigint
  hash: string
  /** what states it, as a sentence names it */
  source: string
}

/** The hashes of all closes that are stored, by the subject of the events about them. */
const hashesOfCloses = async (db: Db, business_id: string): Promise<Map<string, string>> =>
  new Map(
    (await run<{ month: string; edition: number; sha256: string }>(db, 'close/hashes', [business_id])).map(
      ({ month, edition, sha256 }) => [closeSubject(month, edition), sha256],
    ),
  )

/** What the events about a close name: 'close 2026-10/1'. The database's triggers know this form. */
export const closeSubject = (month: string, edition: number): string => `close ${month}/${edition}`

/** Recomputes the chain from its first event; null where every event holds. Call it in a transaction. */
export const firstBrokenEvent = async (db: Db, business_id: string): Promise<BrokenEvent | null> =>
  (await verifyChain(db, business_id)).broken

/**
 * Recomputes the chain from its first event to the one that does not hold, or to its end, and holds it against what was
 * stated of it: nothing up to there was changed or cut off since. Call it in a transaction.
 */
export async function verifyChain(
  db: Db,
  business_id: string,
  points: readonly ChainPoint[] = [],
): Promise<{ end: ChainEnd; broken: BrokenEvent | null }> {
  let last = NO_EVENT
  const closes = await hashesOfCloses(db, business_id)
  for await (const events of batches<StoredEvent>(db, 'event/chain', [business_id])) {
    for (const { event_number, previous_hash, hash, details, ...fields } of events) {
      const event: NewEvent = { ...fields, at: instantText(fields.at), details: null }
      const broken = (problem: string) => ({ end: last, broken: { event_number, problem } })
      if (event_number !== last.event_number + 1n) return broken('the event before it is missing')
      if (previous_hash !== last.hash) return broken('it does not continue the event before it')
      if (hash !== hashOf(business_id, event, details, event_number, previous_hash))
        return broken('it was changed after it was written')
      const other = points.find((point) => point.event_number === event_number && point.hash !== hash)
      if (other)
        return broken(`it is another one than ${other.source} states: it, or one before it, was written anew since`)
      const signed = event.kind.startsWith('month_') ? closes.get(event.subject ?? '') : null
      if (signed === undefined) return broken(`the ${event.subject} that it names is gone`)
      if (signed !== null && details !== null && signed !== (JSON.parse(details) as { sha256?: string }).sha256)
        return broken(`the ${event.subject} that it names was changed after it was signed`)
      last = { event_number, hash }
    }
  }
  const end = last
  const cut = points.find(({ event_number }) => event_number > end.event_number)
  if (cut === undefined) return { end, broken: null }
  const problem = `${cut.source} states it, and the chain ends with event ${end.event_number}: what came after was cut off`
  return { end, broken: { event_number: cut.event_number, problem } }
}
