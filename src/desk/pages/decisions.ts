/** What may be done about an item, as forms and as commands. */

import { curesOf } from '../../command/review/show.ts'
import { html, type Markup, markup } from '../../report/html/markup.ts'
import type { RESOLUTIONS } from '../../review/deeds.ts'
import { addressOf, type Visit } from '../desk.ts'
import type { Finding } from '../finding.ts'
import { formFields } from '../frame.ts'
import { type Correction, correctionList } from './corrections.ts'

/** What each way to resolve means. */
const MEANING: Readonly<Record<(typeof RESOLUTIONS)[number], string>> = {
  explained: 'explained: there is a reason, and nothing to change',
  corrected: 'corrected: it was put right in Layer or at the processor',
  waived: 'waived: it is let go',
}

export const resolutionOptions: readonly Markup[] = (['explained', 'corrected', 'waived'] as const).map(
  (as) => html`<option value="${as}">${MEANING[as]}</option>`,
)

export const peopleList = ({ people }: Visit): Markup =>
  html`<datalist id="people">${people.map(({ name }) => html`<option value="${name}">`)}</datalist>`

/** `seen`: the state in which the item is shown, and the last ruling about its legs and rows, as forms send them back. */
export const decisions = (
  visit: Visit,
  finding: Finding,
  corrections: readonly Correction[],
  seen: { taken: string; ruling: string },
): Markup => {
  const { status } = finding
  return html`<section class="do" aria-labelledby="do-title"><h2 id="do-title">What to do</h2>
<p>${status === 'cleared' ? `It is cleared: no run found it after ${finding.last_seen_at.slice(0, 10)}.` : finding.suggestion}</p>
${curesOf(finding).map((cure) => html`<p class="note">${cure}</p>`)}
${correctionList(visit, corrections)}
${visit.person.role === 'reader' ? html`<p class="note">You may read all and decide nothing.</p>` : html`${forms(visit, finding, seen, corrections.length === 0)}${peopleList(visit)}`}
${asCommands(visit, finding)}</section>`
}

const forms = (
  visit: Visit,
  finding: Finding,
  seen: { taken: string; ruling: string },
  mayPropose: boolean,
): Markup => {
  const { status, id, business_id } = finding
  const here = addressOf(business_id, 'item', id)
  const said = (name: string): string => visit.form.get(name) ?? ''
  const kept = (action: string): string => (said('action') === action ? said('note') : '')
  // what was refused just now stands open with what was written
  const more = (action: string, title: string, inner: Markup): Markup =>
    html`<details class="more"${markup(said('action') === action ? ' open' : '')}><summary>${title}</summary>${inner}</details>`
  const form = (action: string, inner: Markup, to = here): Markup =>
    html`<form method="post" action="${to}" class="deed" data-deed="${action}">${formFields(visit, { action, ...seen })}${inner}</form>`
  const isOpen = status === 'open' || status === 'acknowledged'
  const canMatch = isOpen && finding.legs.length + finding.rows.length > 0
  const isMatched = isOpen && finding.legs.length > 0 && finding.rows.length > 0
  return html`
${status === 'open' ? form('acknowledge', html`<button>Acknowledge</button>`) : null}
${
  isOpen
    ? form(
        'resolve',
        html`<p><label for="as">Resolve as</label><select id="as" name="as">${resolutionOptions}</select></p>
<p><label for="note">Why</label><textarea id="note" name="note" rows="2" required>${kept('resolve')}</textarea></p><button>Resolve</button>`,
      )
    : null
}
${status === 'acknowledged' || status === 'resolved' ? form('reopen', html`<p><label for="reopen-note">Why (may be empty)</label><input id="reopen-note" name="note"></p><button>Reopen</button>`) : null}
${status === 'cleared' ? null : more('assign', 'Assign', form('assign', html`<p class="pair"><span><label for="owner">To</label><input id="owner" name="owner" list="people" value="${finding.owner ?? ''}" autocomplete="off"></span><span><label for="due">due</label><input id="due" name="due" type="date" value="${finding.owner_due_on ?? ''}"></span></p><button>Assign</button> <span class="note">Empty: nobody has it.</span>`))}
${more('comment', 'Comment', form('comment', html`<p><label for="comment">What to note</label><textarea id="comment" name="note" rows="2" required>${kept('comment')}</textarea></p><button>Comment</button>`))}
${canMatch ? more('match', 'Match with ...', form('match', html`<p><label for="with">Ids of legs, rows or findings</label><input id="with" name="with" required value="${said('with')}" autocomplete="off"></p><p><label for="match-note">Why (may be empty)</label><input id="match-note" name="note"></p><button>Match</button>`, addressOf(business_id, 'item', id, 'match'))) : null}
${isMatched ? more('unmatch', 'Unmatch', form('unmatch', html`<p class="note">These legs and rows are not the same money: no run will match them again.</p><button>Unmatch</button>`, addressOf(business_id, 'item', id, 'unmatch'))) : null}
${finding.code === 'MISSING_IN_LEDGER' && isOpen && mayPropose ? more('propose', 'Propose a correction', form('propose', html`<p class="note">Propose the refund that Layer lacks. It is created there once a person approves it and <code>tieout corrections post</code> sends it.</p><button>Propose</button>`, addressOf(business_id, 'item', id, 'propose'))) : null}`
}

/** The same for a shell. */
const asCommands = ({ person }: Visit, { id, code, legs, rows }: Finding): Markup => {
  const by = `--by "${person.name.replace(/["\\$`]/g, '')}"`
  const commands = [
    `tieout review acknowledge ${id} ${by}`,
    `tieout review resolve ${id} --as explained --note "..." ${by}`,
    `tieout review assign ${id} --to NAME --due 2026-12-31 ${by}`,
    `tieout review comment ${id} --note "..." ${by}`,
    ...(legs.length > 0 && rows.length > 0 ? [`tieout review unmatch ${id} ${by}`] : []),
    ...(code === 'MISSING_IN_LEDGER' ? [`tieout corrections propose ${id} ${by}`] : []),
    `tieout explain ${id}`,
  ]
  return html`<details class="commands"><summary>The same as commands</summary>${commands.map(
    (command) =>
      html`<p><code>${command}</code> <button type="button" class="quiet copy" data-copy="${command}" hidden>Copy</button></p>`,
  )}</details>`
}
