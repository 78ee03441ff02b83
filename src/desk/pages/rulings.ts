/** What persons ruled of matching, and the events of the chain recomputed. */

import { locked, rulingText } from '../../command/review/rulings.ts'
import { html } from '../../report/html/markup.ts'
import { verifyChain } from '../../review/events.ts'
import { forgetRuling, readRulings } from '../../review/rulings.ts'
import { addressOf, businessAt, type Reply, reading, type Visit } from '../desk.ts'
import { formFields } from '../frame.ts'

export const rulings = async (visit: Visit): Promise<Reply> => {
  const business = businessAt(visit)
  const standing = await reading(visit, (db) => readRulings(db, business.id))
  return {
    title: `Rulings, ${business.name}`,
    business,
    page: html`<h1>Rulings</h1>
<p class="note">Which legs and rows are one match, or are not, whatever the rules say. Every run follows them until they are taken back.</p>
${
  standing.length === 0
    ? html`<p class="empty">Nobody has ruled anything.</p>`
    : html`<ul class="records">${standing.map(
        (ruling) =>
          html`<li class="record"><p>${rulingText(ruling)}</p>${visit.person.role === 'reader' ? null : html`<form method="post" action="${addressOf(business.id, 'rulings', ruling.id, 'forget')}" class="deed">${formFields(visit)}<p><label for="why-${ruling.id}">Why (may be empty)</label><input id="why-${ruling.id}" name="note"></p><button>Take it back</button></form>`}</li>`,
      )}</ul>`
}
<h2>The history of decisions</h2>
<p class="note">Every decision, ruling and run is an event in a chain: each has the hash of the one before it.</p>
<form method="post" action="${addressOf(business.id, 'verify')}">${formFields(visit)}<button>Verify the chain</button></form>`,
  }
}

export const forget = async (visit: Visit): Promise<Reply> => {
  const business = businessAt(visit)
  const { job, person, form } = visit
  const ruling = (await readRulings(job.database, business.id)).find(({ id }) => id === visit.part('id'))
  // somebody else took it back since the page was shown
  if (ruling === undefined)
    return {
      to: addressOf(business.id, 'rulings'),
      notice: 'Nothing was written: this ruling does not stand any more.',
    }
  const act = { by: person.name, at: job.now(), note: (form.get('note') ?? '').trim() || null }
  await locked(job, business, (db) => forgetRuling(db, business.id, ruling, act))
  return { to: addressOf(business.id, 'rulings'), notice: `Ruling ${ruling.id} is taken back. The next run follows.` }
}

/** Recomputes the chain of events. It is asked for by a form, since it reads all of it; nothing is written. */
export const verify = async (visit: Visit): Promise<Reply> => {
  const { id } = businessAt(visit)
  const { end, broken } = await visit.job.database.transaction((db) => verifyChain(db, id), 'repeatable read')
  const notice =
    broken === null
      ? `All ${end.event_number} events hold; the last has the hash ${end.hash}.`
      : `Event ${broken.event_number} does not hold: ${broken.problem}.`
  return { to: addressOf(id, 'rulings'), notice }
}
