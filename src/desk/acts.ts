/** What persons do in the desk: each form comes here, and goes on to src/review as the commands do. */

import { PATIENCE } from '../command/review/decide.ts'
import { locked, ruleOn } from '../command/review/rulings.ts'
import { isFault, UsageFault } from '../core/errors.ts'
import { isDate } from '../core/instant.ts'
import { proposeCorrections } from '../corrections/propose.ts'
import { withBusinessLock } from '../database/locks.ts'
import { counted } from '../report/messages/phrases.ts'
import { decide } from '../review/decide.ts'
import { type Decision, type Deed, RESOLUTIONS, type Taken } from '../review/deeds.ts'
import type { Act } from '../review/repairs.ts'
import { refuseUnseen, type Seen } from '../review/rulings.ts'
import { addressOf, businessAt, NotThere, type Reply, type Visit } from './desk.ts'
import { chosenPage } from './pages/chosen.ts'
import { decideCorrection } from './pages/corrections.ts'
import { itemPage } from './pages/item.ts'
import { decideMeant, meantPage } from './pages/meant.ts'
import { readTaken } from './taken.ts'

const actOf = ({ person, job, form }: Visit): Act => ({
  by: person.name,
  at: job.now(),
  note: (form.get('note') ?? '').trim() || null,
})

const DONE: Readonly<Record<Decision['action'], string>> = {
  acknowledge: 'acknowledged',
  resolve: 'resolved',
  reopen: 'open again',
  assign: 'assigned',
  comment: 'commented',
}

/** The decision that a form says. Throws UsageFault. */
const decisionOf = (form: URLSearchParams): Decision => {
  const action = form.get('action')
  if (action === 'acknowledge' || action === 'reopen' || action === 'comment') return { action }
  if (action === 'resolve') {
    const as = RESOLUTIONS.find((each) => each === form.get('as'))
    if (as === undefined) throw new UsageFault(`resolve: expected one of ${RESOLUTIONS.join(', ')}`)
    return { action, as }
  }
  if (action !== 'assign') throw new UsageFault('the form says nothing that can be decided')
  const [owner, due] = [(form.get('owner') ?? '').trim(), (form.get('due') ?? '').trim()]
  if (due !== '' && !isDate(due)) throw new UsageFault(`due ${due}: expected a date such as 2026-12-01`)
  return { action, owner: owner === '' ? null : owner, due_on: owner === '' || due === '' ? null : due }
}

/** The decision of the form, by whom, and what came of it in words. Throws UsageFault. */
const askedOf = (visit: Visit): { decision: Decision; act: Act; done: (count: number) => string } => {
  const decision = decisionOf(visit.form)
  const act = actOf(visit)
  if ((decision.action === 'resolve' || decision.action === 'comment') && act.note === null)
    throw new UsageFault(`${decision.action}: say why`)
  const what = decision.action === 'resolve' ? `resolved as ${decision.as}` : DONE[decision.action]
  return { decision, act, done: (count) => `${counted(count, 'item')} ${what} by ${act.by}` }
}

/** Takes one decision about findings in the states in which they were seen. Throws what src/review refuses. */
const decideAll = async (visit: Visit, taken: readonly Taken[]): Promise<string> => {
  const business = businessAt(visit)
  const { decision, act, done } = askedOf(visit)
  const { note } = act
  const deeds: Deed[] = taken.map((each) => ({ decision, note, taken: each }))
  return done((await locked(visit.job, business, (db) => decide(db, business, act, deeds))).length)
}

/** The state in which the item of the address was seen. Throws NotThere where the form is about none. */
const takenOf = ({ form, part }: Visit): Taken => {
  const taken = readTaken(form.get('taken') ?? '')
  if (taken === null || taken.discrepancy_id !== part('id')) throw new NotThere()
  return taken
}

/** A decision about one item: done, or the item as it is now with why it was not. */
export const decideItem = async (visit: Visit): Promise<Reply> => {
  const taken = takenOf(visit)
  const id = visit.part('id')
  return await orRefused(visit, async () => ({
    to: addressOf(businessAt(visit).id, 'item', id),
    notice: `${await decideAll(visit, [taken])}.`,
  }))
}

/** What is refused is said on the item's page, which shows it as it is by now. */
const orRefused = async (visit: Visit, work: () => Promise<Reply>): Promise<Reply> => {
  try {
    return await work()
  } catch (error) {
    if (!isFault(error)) throw error
    return await itemPage(visit, error.message)
  }
}

/**
 * Many at once, those that were ticked or all that a filter means: the first time they are shown with their count and sum, and what
 * to decide is asked for.
 */
export const decideMany = async (visit: Visit): Promise<Reply> => {
  const business = businessAt(visit)
  const month = visit.form.get('month') ?? ''
  if (visit.form.has('filter')) {
    if (visit.form.get('action') === null) return await meantPage(visit, month, null)
    return await decideMeant(visit, month, () => askedOf(visit))
  }
  const taken = visit.form.getAll('item').flatMap((text) => readTaken(text) ?? [])
  const back = /^\d{4}-\d{2}$/.test(month) ? addressOf(business.id, month) : addressOf(business.id)
  if (taken.length === 0) return { to: back, notice: 'No item was chosen: nothing was decided.' }
  if (visit.form.get('action') === null) return await chosenPage(visit, taken, month, null)
  try {
    return { to: back, notice: `${await decideAll(visit, taken)}.` }
  } catch (error) {
    if (!isFault(error)) throw error
    return await chosenPage(visit, taken, month, error.message)
  }
}

/** The item and the last ruling about it, as the form's page showed them. */
const seenOf = (visit: Visit): Seen => {
  const ruling = visit.form.get('ruling') ?? ''
  if (!/^\d{1,18}$/.test(ruling)) throw new NotThere()
  return { taken: takenOf(visit), ruling: BigInt(ruling) }
}

/** Rules that the item and what is named beside it are one match, or that the item's match is none. */
const rule = async (visit: Visit, kind: 'match' | 'unmatch'): Promise<Reply> => {
  const seen = seenOf(visit)
  return await orRefused(visit, async () => {
    const business = businessAt(visit)
    const id = visit.part('id')
    const others = kind === 'match' ? (visit.form.get('with') ?? '').split(/[\s,;]+/).filter((each) => each !== '') : []
    if (kind === 'match' && others.length === 0)
      throw new UsageFault('match: name the legs, rows or findings that it is one with')
    const job = { ...visit.job, businesses: [business] }
    const { ruling } = await ruleOn(job, kind, [id, ...others], actOf(visit), seen)
    const says = kind === 'match' ? 'are one match' : 'are not matched'
    return {
      to: addressOf(business.id, 'item', id),
      notice: `Ruled: ${[...ruling.legs, ...ruling.rows].join(', ')} ${says}. The next run follows it.`,
    }
  })
}

export const match = (visit: Visit): Promise<Reply> => rule(visit, 'match')
export const unmatch = (visit: Visit): Promise<Reply> => rule(visit, 'unmatch')

/** Proposes the refund that the ledger lacks. */
export const propose = async (visit: Visit): Promise<Reply> => {
  const seen = seenOf(visit)
  return await orRefused(visit, async () => {
    const business = businessAt(visit)
    const id = visit.part('id')
    const { job } = visit
    const said = await withBusinessLock(
      job.database,
      business,
      job.log,
      async (own) => {
        await refuseUnseen(own, business.id, seen)
        return await proposeCorrections(own, business.id, actOf(visit), new Set([id]))
      },
      PATIENCE,
    )
    const [left_out] = said.left_out
    const notice =
      left_out !== undefined
        ? `No refund is proposed: ${left_out.reason}.`
        : said.needs_target.length > 0
          ? 'Proposed; a person has to say what it refunds: `tieout corrections propose ID --invoice-id ...`.'
          : said.proposed.length > 0
            ? 'A correction is proposed: look at its request, and have it approved.'
            : 'It was proposed before.'
    return { to: addressOf(business.id, 'item', id), notice }
  })
}

/** Approves or rejects what was proposed. */
export const correct = async (visit: Visit): Promise<Reply> =>
  await orRefused(visit, async () => ({
    notice: await decideCorrection(visit),
    to: addressOf(businessAt(visit).id, 'item', visit.part('id')),
  }))
