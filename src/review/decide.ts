/**
 * What persons decide of findings (spec section 7): acknowledge, resolve, reopen, assign, comment. The one way in which a
 * finding's status is changed by a person, whoever asks: the command line, a workbook, a browser.
 */

import { ReviewFault, UsageFault } from '../core/errors.ts'
import { personName } from '../core/person.ts'
import type { Db } from '../database/connect.ts'
import { count, run } from '../database/statement.ts'
import { CHANGES, type Decision, type Deed, type Limits } from './deeds.ts'
import { appendEvents, type ChainEnd, type NewEvent, NO_EVENT } from './events.ts'
import { refusal, type Standing, standingOf, WaiveLimits } from './judge.ts'
import type { Act } from './repairs.ts'

/** What came of a decision. */
export interface Decided {
  discrepancy_id: string
  event_number: bigint
  from: string | null
  to: string | null
}

/** Who decides, and when (UTC). */
export type Decider = Pick<Act, 'by' | 'at'>

/** What is to come of each decision: the event, or why it is refused. */
type Judged = { deed: Deed; event: NewEvent; refused: null } | { deed: Deed; event: null; refused: string }

const NEEDS_NOTE: readonly Decision['action'][] = ['resolve', 'comment']

/** @throws UsageFault where the name, or a note that is needed, is missing */
export const checkDecision = ({ action }: Decision, by: string, note: string | null): void => {
  personName(by)
  if (NEEDS_NOTE.includes(action) && (note === null || note.trim() === ''))
    throw new UsageFault(`${action}: found no note, expected --note TEXT that says why`)
}

/**
 * Holds groups of decisions about one finding each against the findings as they stand, one after the other. A group holds
 * as a whole or not at all; what may be waived is asked last. Writes nothing.
 */
async function judge(
  db: Db,
  business: Limits,
  { by, at }: Decider,
  groups: readonly (readonly Deed[])[],
): Promise<Judged[][]> {
  const deeds = groups.flat()
  for (const { decision, note } of deeds) checkDecision(decision, by, note)
  const stored = await standingOf(db, business.id, [...new Set(deeds.map(({ taken }) => taken.discrepancy_id))])
  const waived = deeds.filter(isWaiving).flatMap(({ taken }) => stored.get(taken.discrepancy_id) ?? [])
  const limits = await WaiveLimits.of(db, business, waived)
  const now = new Map(stored)
  return groups.map((group): Judged[] => {
    const held: Judged[] = []
    const before = group.map(({ taken }) => [taken.discrepancy_id, now.get(taken.discrepancy_id)] as const)
    for (const deed of group) {
      const { discrepancy_id } = deed.taken
      const found = now.get(discrepancy_id)
      const why =
        refusal(deed, stored.get(discrepancy_id), found) ?? (found && isWaiving(deed) ? limits.refusal(found) : null)
      if (why !== null || found === undefined) {
        for (const [id, standing] of before) if (standing) now.set(id, standing)
        return group.map((each) => ({ deed: each, event: null, refused: why ?? 'the finding is not there any more' }))
      }
      const event = { ...eventOf(deed, found), at, actor: personName(by) }
      now.set(discrepancy_id, after(found, event))
      held.push({ deed, event, refused: null })
    }
    return held
  })
}

const isWaiving = ({ decision }: Deed): boolean => decision.action === 'resolve' && decision.as === 'waived'

/** The finding as it stands once this has happened. */
const after = (found: Standing, event: NewEvent): Standing => {
  const { at, actor: by, kind, from_state: from, to_state: to, note, details } = event
  if (kind === 'commented') return found
  const due_on = (details?.['due_on'] as string | undefined) ?? null
  const told = { at, by, kind, from, to, note, as: (details?.['as'] as string | undefined) ?? null, due_on }
  return kind === 'assigned'
    ? { ...found, ...told, owner: to, owner_due_on: due_on }
    : { ...found, ...told, status: to ?? found.status }
}

const eventOf = (
  { decision, note, taken }: Deed,
  { status, code, owner }: Standing,
): Omit<NewEvent, 'at' | 'actor'> => {
  const { to, kind } = CHANGES[decision.action]
  const event = { kind, subject: taken.discrepancy_id, note: note?.trim() || null }
  if (decision.action === 'assign') {
    const details = decision.due_on === null ? {} : { due_on: decision.due_on }
    return { ...event, from_state: owner, to_state: decision.owner?.trim() ?? null, details }
  }
  if (to === null) return { ...event, from_state: null, to_state: null, details: null }
  const details = decision.action === 'resolve' ? { as: decision.as, code } : { code }
  return { ...event, from_state: status, to_state: to, details }
}

/** Why each group of decisions about one finding would be refused, null where it would hold. Writes nothing. */
export const refusals = async (
  db: Db,
  business: Limits,
  by: Decider,
  groups: readonly (readonly Deed[])[],
): Promise<(string | null)[]> =>
  (await judge(db, business, by, groups)).map((group) => group.find(({ refused }) => refused !== null)?.refused ?? null)

/**
 * Takes those groups of decisions about one finding that hold, each as a whole, in a transaction and under the business's
 * lock. Gives why each of the others is refused, null for one that was taken.
 * @throws UsageFault where a name, or a note that is needed, is missing
 */
export const decideEach = async (
  db: Db,
  business: Limits,
  by: Decider,
  groups: readonly (readonly Deed[])[],
): Promise<(string | null)[]> => {
  const judged = await judge(db, business, by, groups)
  await carryOut(db, business.id, judged.flat())
  return judged.map((group) => group.find(({ refused }) => refused !== null)?.refused ?? null)
}

const SHOWN = 5

/**
 * Takes one decision about findings of a business, all of them or none, in a transaction and under the business's lock.
 * @throws UsageFault where the name, or a note that is needed, is missing
 * @throws ReviewFault where one may not be decided so, or is not any more as it was when the decision was taken
 */
export async function decide(db: Db, business: Limits, by: Decider, given: readonly Deed[]): Promise<Decided[]> {
  const deeds = [...new Map(given.map((deed) => [deed.taken.discrepancy_id, deed])).values()]
  const judged = (
    await judge(
      db,
      business,
      by,
      deeds.map((deed) => [deed]),
    )
  ).flat()
  const refused = judged.flatMap((each) => each.refused ?? [])
  if (refused.length > 0) {
    const more = refused.length - SHOWN
    const said = [...refused.slice(0, SHOWN), ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
    throw new ReviewFault(`nothing was written: ${said}`)
  }
  return await carryOut(db, business.id, judged)
}

/** Writes the events, the statuses and what follows of them for the verdicts. */
async function carryOut(db: Db, business_id: string, judged: readonly Judged[]): Promise<Decided[]> {
  const events = judged.flatMap(({ event }) => event ?? [])
  const statuses = new Map<string, string>()
  for (const { deed, event } of judged) {
    const { to } = CHANGES[deed.decision.action]
    if (event !== null && to !== null) statuses.set(deed.taken.discrepancy_id, to)
  }
  for (const status of new Set(statuses.values())) {
    const ids = [...statuses].filter(([, to]) => to === status).map(([id]) => id)
    await count(db, 'review/change_status', [business_id, ids, status])
  }
  const [last] = await run<ChainEnd>(db, 'event/last', [business_id])
  const end = last ?? NO_EVENT
  await appendEvents(db, business_id, end, events)
  // an error that is resolved is open no more, and its month may be another
  if (events.some(({ kind }) => kind === 'resolved' || kind === 'reopened'))
    await count(db, 'tie_out/verdicts', [business_id])
  return events.map(({ subject, from_state, to_state }, place) => ({
    discrepancy_id: subject ?? '',
    event_number: end.event_number + BigInt(place + 1),
    ...{ from: from_state, to: to_state },
  }))
}
