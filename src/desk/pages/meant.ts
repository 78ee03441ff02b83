/** All that a filter of the worklist means: how many they are, what they come to, and one decision about them. */

import { locked } from '../../command/review/rulings.ts'
import { sha256Of } from '../../core/canonical-json.ts'
import { isFault, ReviewFault } from '../../core/errors.ts'
import { isMonth } from '../../core/period.ts'
import type { Db } from '../../database/connect.ts'
import { html } from '../../report/html/markup.ts'
import { counted } from '../../report/messages/phrases.ts'
import { decide } from '../../review/decide.ts'
import type { Decision } from '../../review/deeds.ts'
import { wouldChange } from '../../review/judge.ts'
import type { Act } from '../../review/repairs.ts'
import { addressOf, businessAt, NotThere, type Reply, reading, storedBusiness, type Visit, withQuery } from '../desk.ts'
import { byCurrency, moneyText } from '../parts.ts'
import { readTaken, takenText } from '../taken.ts'
import { allMeant, filterOf, type Item, MOST_DECIDED, queryOf, todayOf } from '../worklist.ts'
import { deedsPage, itemsTable } from './chosen.ts'

/** Lines that are shown of them. */
const MOST_SHOWN = 50

interface Meant {
  items: Item[]
  /** 'ID:HASH:EVENT' of each */
  states: ReadonlyMap<string, string>
  /** a hash over the states of all: it is another one when the list or one of its items changed */
  hash: string
  today: string
}

/** '312 items, 45.00 EUR and 1,234.50 USD' */
const saidOf = (items: readonly Item[]): string => {
  const sums = byCurrency(
    items.flatMap(({ figure, currency }) =>
      figure === null ? [] : [{ currency, amount: figure < 0n ? -figure : figure }],
    ),
  )
  return [counted(items.length, 'item'), moneyText(sums)].filter(Boolean).join(', ')
}

/** @throws ReviewFault where they are too many to be decided about at once */
const readMeant = async (visit: Visit, db: Db, month: string): Promise<Meant> => {
  const { id } = businessAt(visit)
  const stored = await storedBusiness(db, id)
  if (stored === null || !isMonth(month)) throw new NotThere()
  const filter = filterOf(new URLSearchParams(visit.form.get('filter') ?? ''))
  const items = await allMeant(db, stored, month, filter)
  if (items === null)
    throw new ReviewFault(
      `nothing was written: this means more than ${counted(MOST_DECIDED, 'item')}, which is the most that are decided about at once; filter further`,
    )
  const states = await takenText(db, id, items)
  return { items, states, hash: sha256Of(items.map((item) => states.get(item.id)).join()), today: todayOf(stored) }
}

/** What a decision would change of them, as far as their states say. */
const changedBy = (action: Decision['action'], items: readonly Item[]): readonly Item[] => {
  if (action === 'assign' || action === 'comment') return items
  const decision: Decision = action === 'resolve' ? { action, as: 'explained' } : { action }
  return items.filter((item) => wouldChange(decision, item))
}

export const meantPage = async (visit: Visit, month: string, refused: string | null): Promise<Reply> => {
  const { id } = businessAt(visit)
  const { items, hash, today } = await reading(visit, (db) => readMeant(visit, db, month))
  const text = visit.form.get('filter') ?? ''
  const list = withQuery(addressOf(id, month), queryOf(filterOf(new URLSearchParams(text))))
  const shown = items.slice(0, MOST_SHOWN).map((item) => ({
    ...item,
    figure: item.figure === null ? null : { minor: item.figure, currency: item.currency },
  }))
  const more = items.length - shown.length
  return deedsPage(visit, month, refused, {
    said: saidOf(items),
    saidOf: (action) => {
      const changed = changedBy(action, items)
      return changed.length === 0 ? null : saidOf(changed)
    },
    table: html`${itemsTable(id, shown, today)}<p class="note">${more > 0 ? `And ${more} more. ` : ''}<a href="${list}">Back to the list</a></p>`,
    fields: html`<input type="hidden" name="filter" value="${text}"><input type="hidden" name="seen" value="${hash}">`,
  })
}

/** One decision about all of them that it changes, in one transaction; where it is refused, the page with what is meant by now. */
export const decideMeant = async (
  visit: Visit,
  month: string,
  asked: () => { decision: Decision; act: Act; done: (count: number) => string },
): Promise<Reply> => {
  const business = businessAt(visit)
  try {
    const { decision, act, done } = asked()
    const decided = await locked(visit.job, business, async (db) => {
      await db.query('set local plan_cache_mode = force_custom_plan')
      const { items, states, hash } = await readMeant(visit, db, month)
      if (hash !== visit.form.get('seen'))
        throw new ReviewFault(
          `nothing was written: what this list means changed since you looked at it; it is ${saidOf(items)} now`,
        )
      const deeds = items
        .filter((item) => wouldChange(decision, item))
        .flatMap(({ id }) => readTaken(states.get(id) ?? '') ?? [])
        .map((taken) => ({ decision, note: act.note, taken }))
      if (deeds.length === 0) throw new ReviewFault('nothing was written: each of them is so already')
      return await decide(db, business, act, deeds)
    })
    return { to: addressOf(business.id, month), notice: `${done(decided.length)}.` }
  } catch (error) {
    if (!isFault(error)) throw error
    return await meantPage(visit, month, error.message)
  }
}
