/**
 * A month is closed by a person, and where the business asks for four eyes reviewed by another (spec section 7, Close). Call
 * these under the business's lock; what writes, in a transaction.
 */

import { canonicalJson } from '../../core/canonical-json.ts'
import { ReviewFault } from '../../core/errors.ts'
import { dateInZone } from '../../core/period.ts'
import { personName, samePerson } from '../../core/person.ts'
import type { Database, Db } from '../../database/connect.ts'
import { count, type RowOf, run } from '../../database/statement.ts'
import { closeSubject } from '../events.ts'
import type { Act } from '../repairs.ts'
import { type MonthState, monthStates, stateOf } from './closed-months.ts'
import {
  type Content,
  contentOf,
  differencesOf,
  type Figures,
  figuresOf,
  hashOfContent,
  type StoredClose,
  storedContent,
} from './content.ts'
import { chainEnd, tell } from './record.ts'

export interface CloseRequest {
  /** 'YYYY-MM': this month, and all open ones before it */
  month: string
  /** why a month is closed though items to correct are open, or it is incomplete; null: it is not */
  accept_open: string | null
  /** the instant at which a month has to be over, beside that of the last run; null: only that */
  as_of: string | null
  /** whether the configuration asks for a second person */
  four_eyes: boolean
}

/** A month as it is, or would be, signed. */
export interface SignedMonth {
  month: string
  /** prepared: another person has to review it */
  state: 'prepared' | 'closed'
  content: Content
  sha256: string
  /** why it may not be closed so; none: it may */
  refused: string[]
}

/** What work would come to; all that it writes is taken back. */
const rehearsed = async <T>(database: Database, work: (db: Db) => Promise<T>): Promise<T> => {
  class Undone extends Error {
    constructor(readonly result: T) {
      super()
    }
  }
  try {
    return await database.transaction(async (db): Promise<T> => {
      throw new Undone(await work(db))
    })
  } catch (error) {
    if (error instanceof Undone) return error.result
    throw error
  }
}

/** What a close of a month would sign, month by month; `refused` of any of them stands in the way of all. Writes nothing. */
export const wouldClose = async (
  database: Database,
  business_id: string,
  request: CloseRequest,
  act: Act,
): Promise<SignedMonth[]> => await rehearsed(database, (db) => signMonths(db, business_id, request, act))

/** What a review would come to. Writes nothing. */
export const wouldReview = async (database: Database, business_id: string, last: string, act: Act): Promise<Reviewed> =>
  await rehearsed(database, (db) => reviewMonths(db, business_id, last, act))

/**
 * Closes a month and all open ones before it; or prepares them, where another person has to review them.
 * @throws ReviewFault where one may not be closed: nothing is then written
 */
export const closeMonths = async (
  db: Db,
  business_id: string,
  request: CloseRequest,
  act: Act,
): Promise<SignedMonth[]> => {
  const months = await signMonths(db, business_id, request, act)
  const refused = months.flatMap((month) => month.refused)
  if (refused.length > 0) throw new ReviewFault(`nothing was signed: ${refused.join('; ')}`)
  return months
}

/** Signs months one by one, those too that may not be: the caller takes it back. */
async function signMonths(db: Db, business_id: string, request: CloseRequest, act: Act): Promise<SignedMonth[]> {
  const { month: last } = request
  const by = personName(act.by)
  await checkReconciled(db, business_id)
  const before = await monthStates(db, business_id)
  const asked = stateOf(before, last)
  if (asked.state === 'closed') {
    throw new ReviewFault(
      `${last} was closed by ${asked.reviewed_by ?? asked.prepared_by} on ${dayOf(asked.closed_at)}: \`tieout reopen-month ${last}\` opens it again`,
    )
  }
  const signed: SignedMonth[] = []
  for (const { month, state, edition, prepared_by, prepared_at } of before) {
    if (month > last || state === 'closed') continue
    const now = stateOf(await monthStates(db, business_id), month)
    const figures = await figuresOf(db, business_id, month, now.verdict ?? 'incomplete')
    if (state === 'prepared' && edition !== null) {
      const stored = await storedClose(db, business_id, month, edition)
      if (differencesOf(storedContent(business_id, stored), figures).length === 0) {
        if (month !== last) continue
        throw new ReviewFault(
          `${month} was prepared by ${prepared_by} on ${dayOf(prepared_at)}: another person has to review it with \`tieout close ${month} --review\``,
        )
      }
      await tell(db, business_id, { ...act, by }, 'month_voided', month, edition, stored.sha256)
    }
    signed.push(await sign(db, business_id, figures, now, request, { ...act, by }))
  }
  return signed
}

/** Signs one month. */
async function sign(
  db: Db,
  business_id: string,
  figures: Figures,
  now: MonthState,
  { accept_open, as_of, four_eyes: asked }: CloseRequest,
  act: Act,
): Promise<SignedMonth> {
  const { month } = now
  const needs_reason = figures.verdict === 'incomplete' || figures.verdict === 'discrepant'
  const reasons = ((now.reasons ?? []) as { code: string; text: string }[]).map(({ code, text }) => ({ code, text }))
  const is_over = now.is_over && (as_of === null || dateInZone(Date.parse(as_of), now.time_zone).slice(0, 7) > month)
  const said = reasons.map(({ text }) => text).join(', ')
  const refused = [
    ...(is_over ? [] : [`${month} is not over as of ${is_over === now.is_over ? dayOf(now.as_of) : dayOf(as_of)}`]),
    ...(now.is_unexplained ? [`${month} has a difference that no finding explains, a fault of this product`] : []),
    ...(needs_reason && accept_open === null
      ? [`${month} is ${figures.verdict} (${said}): correct it, or say with --accept-open REASON why it is closed so`]
      : []),
  ]
  const [own] = await run<RowOf<'close/next_edition'>>(db, 'close/next_edition', [business_id, month])
  if (own === undefined) throw new Error(`business ${business_id} is not there`)
  const four_eyes = asked || own.four_eyes
  const content = await contentOf(db, business_id, month, figures, {
    ...{ business: { name: own.name, currency: own.currency, time_zone: own.time_zone }, edition: own.edition },
    ...{ prepared_by: act.by, prepared_at: act.at, four_eyes, accept_open: needs_reason ? accept_open : null },
    ...{ as_of: now.as_of, reasons, end: await chainEnd(db, business_id) },
  })
  const sha256 = hashOfContent(content)
  await count(db, 'close/add', [
    ...([business_id, month, own.edition, act.by, content.prepared_at, four_eyes, content.accept_open] as const),
    ...([content.as_of, canonicalJson(content.business), content.verdict, canonicalJson(content.reasons)] as const),
    ...([canonicalJson(content.tie_out), canonicalJson(content.roll_forward)] as const),
    ...([canonicalJson(content.carried), canonicalJson(content.findings), canonicalJson(content.sources)] as const),
    ...([content.event_number, content.event_hash, sha256] as const),
  ])
  await count(db, 'close/keep_items', [business_id, month, own.edition])
  const kind = four_eyes ? 'month_prepared' : 'month_closed'
  await tell(db, business_id, { ...act, note: content.accept_open ?? act.note }, kind, month, own.edition, sha256)
  // what counts in the first open month counts in the next one now
  if (!four_eyes) await count(db, 'tie_out/verdicts', [business_id])
  return { month, state: four_eyes ? 'prepared' : 'closed', content, sha256, refused }
}

/** What came of a review. */
export interface Reviewed {
  closed: { month: string; prepared_by: string; sha256: string; content: Content }[]
  /** the prepared close that is void, since it would come out different now; and in what */
  voided: { month: string; prepared_by: string; differences: string[] } | null
}

/**
 * Reviews every prepared month up to one: it is closed if it would come out the same now. The first that would not is void,
 * and those after it wait.
 * @throws ReviewFault where none is prepared, a month before it is open, or the same person prepared it
 */
export async function reviewMonths(db: Db, business_id: string, last: string, act: Act): Promise<Reviewed> {
  const by = personName(act.by)
  await checkReconciled(db, business_id)
  const states = await monthStates(db, business_id)
  const upto = states.filter(({ month, state }) => month <= last && state !== 'closed')
  if (!upto.some(({ state }) => state === 'prepared')) {
    stateOf(states, last)
    throw new ReviewFault(`nothing is prepared up to ${last}: \`tieout close ${last}\` by another person comes first`)
  }
  const reviewed: Reviewed = { closed: [], voided: null }
  for (const { month, state, edition } of upto) {
    if (state !== 'prepared' || edition === null) {
      if (!upto.some((later) => later.state === 'prepared' && later.month > month)) break
      throw new ReviewFault(`${month} is open, and comes before: \`tieout close ${month}\` first`)
    }
    const stored = await storedClose(db, business_id, month, edition)
    const { prepared_by, sha256 } = stored
    if (samePerson(by, prepared_by))
      throw new ReviewFault(`${month} was prepared by ${prepared_by}: another person has to review it`)
    const now = stateOf(await monthStates(db, business_id), month)
    const figures = await figuresOf(db, business_id, month, now.verdict ?? 'incomplete')
    const content = storedContent(business_id, stored)
    const differences = differencesOf(content, figures)
    if (differences.length > 0) {
      const note = differences.join('; ')
      await tell(db, business_id, { by, at: act.at, note }, 'month_voided', month, edition, sha256)
      reviewed.voided = { month, prepared_by, differences }
      break
    }
    await tell(db, business_id, { ...act, by }, 'month_closed', month, edition, sha256)
    await count(db, 'tie_out/verdicts', [business_id])
    reviewed.closed.push({ month, prepared_by, sha256, content })
  }
  return reviewed
}

/** Throws ReviewFault where the figures are not those of all that is stored. */
async function checkReconciled(db: Db, business_id: string): Promise<void> {
  const [said] = await run<RowOf<'close/unsettled', 'is_unsettled'>>(db, 'close/unsettled', [business_id])
  if (said?.is_reconciled !== true)
    throw new ReviewFault('it was never reconciled: `tieout reconcile` finds what there is to sign')
  if (said.is_unsettled === true)
    throw new ReviewFault(
      'something came in since the last run, whose figures would be signed without it: `tieout reconcile` first',
    )
}

const storedClose = async (db: Db, business_id: string, month: string, edition: number): Promise<StoredClose> => {
  const stored = await run<StoredClose>(db, 'close/stored', [business_id, month])
  const found = stored.find((close) => close.edition === edition)
  if (found === undefined) throw new Error(`${closeSubject(month, edition)} is not there`)
  return found
}

const dayOf = (at: string | null): string => (at ?? '').slice(0, 10)
