/** What is new, cleared and decided since the night before, with its money: the same in the page, the mail and the webhook. */

import { CODES, type Code } from '../core/discrepancy.ts'
import { formatMoney, minorDigits } from '../core/money.ts'
import { dateInZone } from '../core/period.ts'
import { dayText } from '../core/words.ts'
import type { Db } from '../database/connect.ts'
import { batches } from '../database/cursor.ts'
import { type DescribedFinding, describeFindings, type FindingHead } from './discrepancies.ts'
import type { BusinessLine } from './lines.ts'
import { type Related, relatedOf, withoutHints } from './related/related.ts'
import { headline, type Money } from './text/headline.ts'

export const CHANGES = ['new', 'cleared', 'decided'] as const
export type Change = (typeof CHANGES)[number]

/** Findings of one change that are named, the largest. */
const MOST_NAMED = 10

interface ChangedFinding extends DescribedFinding<FindingHead> {
  figure: Money | null
}

/** The findings of one change. */
export interface Changed {
  count: number
  /** of them those to correct */
  errors: number
  /** minor units by currency, without their signs: what stands first at each finding */
  money: ReadonlyMap<string, bigint>
  /** the largest, errors first */
  named: readonly ChangedFinding[]
}

export interface Since extends Record<Change, Changed> {
  /** as_of of the night before; null: this is the first, and nothing is listed */
  before_at: string | null
  /** ids of what is new */
  fresh: ReadonlySet<string>
}

type Head = FindingHead & { before_at: string | null; change: Change }
/** without a change: nothing changed */
type Row = Head | { [Name in keyof Head]: Name extends 'before_at' ? string | null : null }

/** Reads what changed of a business with its last run; memory does not grow with it, but for the ids of what is new. */
export const readSince = async (
  db: Db,
  business: BusinessLine,
  as_of: string,
  related: Related = relatedOf(db, business.business_id),
): Promise<Since> => {
  const today = dateInZone(Date.parse(as_of), business.time_zone)
  const kept = { new: nothing(), cleared: nothing(), decided: nothing() }
  const fresh = new Set<string>()
  let before_at: string | null = null
  for await (const rows of batches<Row>(db, 'notify/since', [business.business_id])) {
    before_at = rows[0]?.before_at ?? null
    const heads = rows.filter((row): row is Head => row.change !== null)
    // a figure needs no hints: only what is named is told with them
    for (const [place, line] of (await describeFindings(db, business, today, heads, withoutHints)).entries()) {
      const head = heads[place]
      if (head === undefined) continue
      if (line.change === 'new') fresh.add(line.id)
      keep(kept[line.change], { head, figure: headline(line, business.currency) })
    }
  }
  const tell = async ({ count, errors, money, largest }: Keeping): Promise<Changed> => {
    const described = await describeFindings(
      db,
      business,
      today,
      largest.map(({ head }) => head),
      related,
    )
    return {
      count,
      errors,
      money,
      named: described.map((line, place) => ({ ...line, figure: largest[place]?.figure ?? null })),
    }
  }
  return {
    ...{ before_at, fresh, new: await tell(kept.new) },
    ...{ cleared: await tell(kept.cleared), decided: await tell(kept.decided) },
  }
}

interface Kept {
  head: Head
  figure: Money | null
}

interface Keeping {
  count: number
  errors: number
  money: Map<string, bigint>
  largest: Kept[]
}

const nothing = (): Keeping => ({ count: 0, errors: 0, money: new Map(), largest: [] })

const keep = (keeping: Keeping, one: Kept): void => {
  keeping.count += 1
  if (CODES[one.head.code].class === 'error') keeping.errors += 1
  addMoney(keeping.money, one.figure)
  keeping.largest.push(one)
  keeping.largest.sort((a, b) => byNeed({ ...a.head, ...a }, { ...b.head, ...b }))
  keeping.largest.splice(MOST_NAMED)
}

const sizeOf = ({ minor }: Money): bigint => (minor < 0n ? -minor : minor)

/** In ten-thousandths of a major unit: amounts of several currencies in one order. */
const comparable = (figure: Money | null): bigint =>
  figure === null ? -1n : sizeOf(figure) * 10n ** BigInt(4 - minorDigits(figure.currency))

interface Needing {
  code: Code
  status: string
  figure: Money | null
}

const NEEDS = { error: 0, timing: 1, info: 2 } as const
const need = ({ code, status }: Needing): number => (status === 'resolved' ? 3 : NEEDS[CODES[code].class])

/** Items to correct first, then what is still to arrive, what is for information, what is resolved; of each the largest first. */
export const byNeed = (a: Needing, b: Needing): number =>
  need(a) - need(b) ||
  Number(comparable(b.figure) > comparable(a.figure)) - Number(comparable(b.figure) < comparable(a.figure))

/** Adds a figure to its currency's sum, without its sign. */
export const addMoney = (money: Map<string, bigint>, figure: Money | null): void => {
  if (figure !== null) money.set(figure.currency, (money.get(figure.currency) ?? 0n) + sizeOf(figure))
}

/** '45.00 EUR and 1,234.50 USD', by currency; '' where there is nothing. */
export const moneyText = (money: ReadonlyMap<string, bigint>): string =>
  [...money]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, minor]) => formatMoney(minor, currency))
    .join(' and ')

/** '3 new (68.45 USD, 1 to correct)', '1 cleared (12.00 USD)', '0 decided' */
export const changeText = (change: Change, { count, errors, money }: Changed): string => {
  const said = [moneyText(money), change === 'new' && count > 0 ? `${errors} to correct` : ''].filter(Boolean)
  return `${count} ${change}${said.length === 0 ? '' : ` (${said.join(', ')})`}`
}

/** 'Since the night of 3 Nov 2026: 3 new (68.45 USD, 1 to correct), 1 cleared (12.00 USD), 0 decided.' */
export const sinceText = (since: Since): string =>
  since.before_at === null
    ? 'This is the first night: all of it is new.'
    : `Since the night of ${dayText(since.before_at.slice(0, 10))}: ${CHANGES.map((change) => changeText(change, since[change])).join(', ')}.`
