/** The close of a month: what would be signed, what stands in the way, who signed, and the proof. */

import { locked } from '../../command/review/rulings.ts'
import { isFault, UsageFault } from '../../core/errors.ts'
import { samePerson } from '../../core/person.ts'
import { html, type Markup } from '../../report/html/markup.ts'
import type { Verdict } from '../../report/lines.ts'
import { counted, monthName } from '../../report/messages/phrases.ts'
import { closeMonths, reviewMonths } from '../../review/close/close.ts'
import { type MonthState, monthStates } from '../../review/close/closed-months.ts'
import { reopenMonth } from '../../review/close/reopen.ts'
import { exportedClose, proveCloses } from '../../review/close/verify.ts'
import type { Act } from '../../review/repairs.ts'
import {
  addressOf,
  businessAt,
  monthAt,
  NotThere,
  type Reply,
  reading,
  storedBusiness,
  type Visit,
  withQuery,
} from '../desk.ts'
import { formFields } from '../frame.ts'
import { moment, verdictBadge } from '../parts.ts'
import { rollForward } from './roll-forward.ts'

export const close = (visit: Visit): Promise<Reply> => closePage(visit, null)

const reasonsOf = ({ reasons }: MonthState): string[] => ((reasons ?? []) as { text: string }[]).map(({ text }) => text)

/** What stands in the way of a close, in sentences; `reason`: a reason that is signed with it takes that out of the way. */
const blocksOf = (state: MonthState): { text: string; reason: boolean }[] => [
  ...(state.is_over ? [] : [{ text: `${monthName(state.month)} is not over yet.`, reason: false }]),
  ...(state.is_unexplained
    ? [
        {
          text: 'A difference has no finding that explains it: a fault of this product, which forbids to sign.',
          reason: false,
        },
      ]
    : []),
  ...(state.verdict === 'incomplete' || state.verdict === 'discrepant'
    ? [{ text: `${monthName(state.month)} is ${state.verdict}: ${reasonsOf(state).join('; ')}.`, reason: true }]
    : []),
]

const closePage = async (visit: Visit, refused: string | null): Promise<Reply> => {
  const business = businessAt(visit)
  const month = monthAt(visit)
  return await reading(visit, async (db): Promise<Reply> => {
    if ((await storedBusiness(db, business.id)) === null) throw new NotThere()
    const states = await monthStates(db, business.id)
    const own = states.find((state) => state.month === month)
    const open = states.filter((state) => state.month <= month && state.state !== 'closed')
    const earlier = open.filter((state) => state.month < month).map((state) => state.month)
    const blocks = open.flatMap(blocksOf)
    return {
      title: `Close, ${monthName(month)}, ${business.name}`,
      business,
      month,
      ...(refused === null ? {} : { status: 409 }),
      page: html`${refused === null ? null : html`<p class="refused" role="alert">${refused}</p>`}
<h1>Close <span class="of">${monthName(month)}</span> ${own?.verdict ? verdictBadge(own.verdict as Verdict, own.state === 'closed' ? 'closed' : own.state === 'prepared' ? 'prepared' : null) : null}</h1>
${own === undefined ? html`<p class="empty">Nothing is known of this month.</p>` : standing(visit, own, blocks, earlier)}
<p><a href="${addressOf(business.id, month, 'tie-out')}">The tie-out that is signed</a>, <a href="${withQuery(addressOf(business.id, month), { show: 'all', state: 'all' })}">its items with their decisions</a>.</p>
${await rollForward(db, business.id, month)}`,
    }
  })
}

const standing = (
  visit: Visit,
  own: MonthState,
  blocks: readonly { text: string; reason: boolean }[],
  earlier: readonly string[],
): Markup => {
  const { month, state, prepared_by, prepared_at, reviewed_by, closed_at, sha256 } = own
  const business = businessAt(visit)
  const here = addressOf(business.id, month, 'close')
  const form = (act: string, inner: Markup): Markup =>
    html`<form method="post" action="${here}" class="deed" data-deed="${act}">${formFields(visit, { act })}${inner}</form>`
  const signature =
    state === null
      ? null
      : html`<dl class="figures signature"><div><dt>Prepared by</dt><dd>${prepared_by ?? ''}</dd></div>${reviewed_by === null ? null : html`<div><dt>Reviewed by</dt><dd>${reviewed_by}</dd></div>`}<div><dt>${state === 'closed' ? 'Closed' : 'Prepared'}</dt><dd>${moment(closed_at ?? prepared_at ?? '')}</dd></div></dl><p class="note">SHA-256 of what is signed: <span class="id">${sha256 ?? ''}</span></p>`
  if (visit.person.role === 'reader') return html`${signature}${waysOf(blocks, earlier)}`
  if (state === 'closed') {
    return html`${signature}<section class="do alone" aria-label="What to do">
${form('verify', html`<p class="note">Recompute the hash of what is stored, and the chain of events.</p><button>Verify</button>`)}
<p class="deed"><a href="${addressOf(business.id, month, 'close', 'export')}" download>Export the signed close</a> <span class="note">as JSON, which <code>tieout verify FILE</code> proves on any machine</span></p>
${form('reopen', html`<p><label for="note">Why it is opened again</label><input id="note" name="note" required></p><button class="quiet">Reopen ${monthName(month)}</button>`)}</section>`
  }
  if (state === 'prepared') {
    const isOwn = samePerson(prepared_by ?? '', visit.person.name)
    const review =
      visit.person.role !== 'reviewer'
        ? html`<p class="note">A reviewer has to review it: it is signed then.</p>`
        : isOwn
          ? html`<p class="note">You prepared it: another person has to review it.</p>`
          : form(
              'review',
              html`<p class="note">You sign what ${prepared_by ?? ''} prepared. It is closed only if it would come out the same now.</p><button>Review and close ${monthName(month)}</button>`,
            )
    return html`${signature}<section class="do alone" aria-label="What to do">${review}
${form('reopen', html`<p><label for="note">Why it is taken back</label><input id="note" name="note" required></p><button class="quiet">Take the preparation back</button>`)}</section>`
  }
  const forbidden = blocks.some(({ reason }) => !reason)
  const isTwo = business.four_eyes
  const does = isTwo ? 'Prepare' : 'Close'
  return html`${waysOf(blocks, earlier)}
${
  forbidden
    ? null
    : html`<section class="do alone" aria-label="What to do">${form(
        'close',
        html`${blocks.length === 0 ? null : html`<p><label for="accept">Why it is closed so; this is signed with it</label><textarea id="accept" name="accept_open" rows="2" required>${visit.form.get('accept_open') ?? ''}</textarea></p>`}
<p class="note">${isTwo ? 'Another person reviews it then.' : 'From then on nothing changes its figures.'} You sign as ${visit.person.name}.</p><button>${does} ${[...earlier, month].map(monthName).join(', ')}</button>`,
      )}</section>`
}`
}

const waysOf = (blocks: readonly { text: string }[], earlier: readonly string[]): Markup =>
  html`${blocks.length === 0 ? html`<p class="proven">Nothing stands in the way.</p>` : html`<h2>What stands in the way</h2><ul class="lines">${blocks.map(({ text }) => html`<li>${text}</li>`)}</ul>`}
${earlier.length === 0 ? null : html`<p>${counted(earlier.length, 'earlier month')} ${earlier.length === 1 ? 'is' : 'are'} open and would be closed with it: ${earlier.map(monthName).join(', ')}.</p>`}`

/** Closes, prepares, reviews, reopens or verifies a month, as src/review/close does. */
export const closeMonth = async (visit: Visit): Promise<Reply> => {
  const business = businessAt(visit)
  const month = monthAt(visit)
  const { form, job, person } = visit
  const act: Act = { by: person.name, at: job.now(), note: (form.get('note') ?? '').trim() || null }
  try {
    const notice = await done(visit, form.get('act') ?? '', business, month, act)
    return { to: addressOf(business.id, month, 'close'), notice }
  } catch (error) {
    if (!isFault(error)) throw error
    return await closePage(visit, error.message)
  }
}

const done = async (
  { job, person, form }: Visit,
  asked: string,
  business: ReturnType<typeof businessAt>,
  month: string,
  act: Act,
): Promise<string> => {
  const { id, four_eyes } = business
  if (asked === 'close') {
    const accept_open = (form.get('accept_open') ?? '').trim() || null
    const request = { month, accept_open, as_of: null, four_eyes }
    const months = await locked(job, business, (db) => closeMonths(db, id, request, act))
    const names = months.map((each) => monthName(each.month)).join(', ')
    return months.some(({ state }) => state === 'prepared')
      ? `${names} prepared by ${act.by}: another person reviews it.`
      : `${names} closed by ${act.by}.`
  }
  if (asked === 'review') {
    if (person.role !== 'reviewer') throw new UsageFault('review: a reviewer has to do it')
    const { closed, voided } = await locked(job, business, (db) => reviewMonths(db, id, month, act))
    const said = closed.map(
      (each) => `${monthName(each.month)} closed: prepared by ${each.prepared_by}, reviewed by ${act.by}.`,
    )
    if (voided !== null)
      said.push(
        `${monthName(voided.month)}: what ${voided.prepared_by} prepared is void, since it would come out different now: ${voided.differences.join('; ')}. Close it anew.`,
      )
    return said.join(' ')
  }
  if (asked === 'reopen') {
    const months = await locked(job, business, (db) => reopenMonth(db, id, month, act))
    return `${months.map(monthName).join(', ')} open again. What was signed is kept.`
  }
  if (asked !== 'verify') throw new UsageFault('the form says nothing that can be done')
  const { closes, chain } = await job.database.transaction((db) => proveCloses(db, id, month), 'repeatable read')
  const problems = [...closes.flatMap((each) => each.problems), ...(chain === null ? [] : [chain])]
  const [last] = closes.slice(-1)
  return problems.length === 0
    ? `It is as it was signed: SHA-256 ${last?.sha256 ?? ''}; the chain of events holds.`
    : `It does not hold: ${problems.join('; ')}.`
}

/** The signed close as a file. */
export const exportClose = async (visit: Visit): Promise<Reply> => {
  const business = businessAt(visit)
  const month = monthAt(visit)
  const document = await reading(visit, (db) => exportedClose(db, business.id, month))
  return { file: `${JSON.stringify(document, null, 2)}\n`, name: `close-${month}-${business.id}.json` }
}
