/** The corrections of an item: the request as it would be sent, and what a person decides of it. Posting is a command's. */

import { correctionDetail } from '../../command/correction-text.ts'
import { locked } from '../../command/review/rulings.ts'
import { isFault, ReviewFault, UsageFault } from '../../core/errors.ts'
import { samePerson } from '../../core/person.ts'
import { approveCorrection, rejectCorrection } from '../../corrections/decide.ts'
import { isWanted } from '../../corrections/propose.ts'
import { requestFor, type StoredRequest } from '../../corrections/request.ts'
import {
  type CorrectionEvent,
  readCorrectionEvents,
  readCorrections,
  type StandingCorrection,
} from '../../corrections/store.ts'
import { isKnownToDiffer } from '../../corrections/target.ts'
import type { Db } from '../../database/connect.ts'
import { html, type Markup } from '../../report/html/markup.ts'
import { addressOf, businessAt, NotThere, type Visit } from '../desk.ts'
import { formFields } from '../frame.ts'

export interface Correction {
  made: StandingCorrection
  /** as approved, or as it would be; null: nobody said yet what is refunded */
  request: StoredRequest | null
  events: readonly CorrectionEvent[]
}

const requestOf = (business_id: string, made: StandingCorrection): StoredRequest | null => {
  const { request_path, request_body, request_sha256, target } = made
  if (request_path !== null && request_body !== null && request_sha256 !== null)
    return { request_path, request_body, request_sha256 }
  if (target === null || made.status !== 'proposed') return null
  try {
    return requestFor(business_id, made, target)
  } catch (error) {
    // such as an amount that JSON cannot hold: approval says so
    if (isFault(error)) return null
    throw error
  }
}

/** Those that were ever proposed for a finding. */
export const correctionsOf = async (db: Db, business_id: string, discrepancy_id: string): Promise<Correction[]> => {
  const own = await (await db.kysely())
    .selectFrom('correction')
    .select('correction_id')
    .where('business_id', '=', business_id)
    .where('discrepancy_id', '=', discrepancy_id)
    .execute()
  // nearly always there is none
  const all = own.length === 0 ? [] : await readCorrections(db, business_id)
  const found: Correction[] = []
  for (const made of all) {
    if (made.discrepancy_id !== discrepancy_id) continue
    const events = await readCorrectionEvents(db, business_id, made.correction_id)
    found.push({ made, events, request: requestOf(business_id, made) })
  }
  return found
}

/** Where four eyes are asked for, a reviewer approves what another person proposed; null: this person may. */
const whyNot = ({ person }: Visit, { proposed_by }: StandingCorrection, four_eyes: boolean): string | null =>
  !four_eyes
    ? null
    : samePerson(proposed_by, person.name)
      ? 'You proposed it: another person has to approve it.'
      : person.role === 'reviewer'
        ? null
        : 'A reviewer has to approve it.'

const NEXT: Partial<Readonly<Record<StandingCorrection['status'], string>>> = {
  approved: 'tieout corrections post',
  posting: 'tieout corrections post',
  failed: 'tieout corrections post',
}

/** Each with its request; what may be decided of it as forms. */
export const correctionList = (visit: Visit, corrections: readonly Correction[]): readonly Markup[] =>
  corrections.map(({ made, request, events }) => {
    const { id, four_eyes } = businessAt(visit)
    const { correction_id, status, discrepancy_id } = made
    const form = (action: string, inner: Markup): Markup =>
      html`<form method="post" action="${addressOf(id, 'item', discrepancy_id, 'correction')}" class="deed" data-deed="${action}">${formFields(visit, { action, correction: correction_id, status, seen: request?.request_sha256 ?? '' })}${inner}</form>`
    const short = correction_id.slice(0, 8)
    const not = whyNot(visit, made, four_eyes)
    const mayDecide = visit.person.role !== 'reader' && isWanted(made)
    const next = NEXT[status]
    return html`<details class="more" open><summary>Correction ${short}: ${status.replace('_', ' ')}</summary>
<pre class="why" tabindex="0">${correctionDetail({ ...made, ...request }, events)}</pre>
${next === undefined ? null : html`<p class="note"><code>${next}</code> sends it to Layer.</p>`}
${status === 'needs_target' ? html`<p class="note">Say what it refunds: <code>tieout corrections propose ${short} --invoice-id ID --by NAME</code>.</p>` : null}
${
  !mayDecide || status !== 'proposed' || request === null
    ? null
    : not !== null
      ? html`<p class="note">${not}</p>`
      : form(
          'approve',
          html`<p class="note">The request above is stored as it stands; <code>tieout corrections post</code> sends it to Layer.</p>${isKnownToDiffer(made) ? html`<p><label for="despite-${short}">Why it is made although it comes out otherwise</label><input id="despite-${short}" name="despite" required></p>` : null}<button>Approve the correction</button>`,
        )
}
${mayDecide && ['needs_target', 'proposed', 'approved'].includes(status) ? form('reject', html`<p><label for="reject-${short}">Why it is not made</label><input id="reject-${short}" name="note" required></p><button class="quiet">Reject the correction</button>`) : null}
</details>`
  })

/** Approves or rejects a correction as its page showed it; gives what came of it in words. */
export const decideCorrection = async (visit: Visit): Promise<string> => {
  const business = businessAt(visit)
  const { job, person, form } = visit
  const said = (name: string): string | null => (form.get(name) ?? '').trim() || null
  const act = { by: person.name, at: job.now(), note: said('note') }
  const [action, named] = [form.get('action'), form.get('correction')]
  return await locked(job, business, async (db) => {
    const all = await readCorrections(db, business.id)
    const made = all.find((each) => each.correction_id === named && each.discrepancy_id === visit.part('id'))
    if (made === undefined) throw new NotThere()
    const request = requestOf(business.id, made)
    if (made.status !== form.get('status') || (request?.request_sha256 ?? '') !== form.get('seen'))
      throw new ReviewFault(
        `nothing was written: the correction changed since you looked at it, and is ${made.status.replace('_', ' ')} now`,
      )
    if (action === 'reject') {
      if (act.note === null) throw new UsageFault('reject: say why')
      await rejectCorrection(db, business.id, made, act)
      return `The correction is rejected by ${act.by}.`
    }
    if (action !== 'approve') throw new UsageFault('the form says nothing that can be decided')
    const { four_eyes } = business
    const not = whyNot(visit, made, four_eyes)
    if (not !== null) throw new UsageFault(`nothing was written. ${not}`)
    await approveCorrection(db, business.id, made, { ...act, four_eyes, target: null, despite: said('despite') })
    return `The correction is approved by ${act.by}: \`tieout corrections post\` sends it to Layer.`
  })
}
