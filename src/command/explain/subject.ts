/** What an id given to `tieout explain` means: legs and rows of one story, or a finding. */

import type { BusinessConfig } from '../../config/config.ts'
import { UsageFault } from '../../core/errors.ts'
import { heldKey } from '../../core/keys.ts'
import type { Db } from '../../database/connect.ts'
import { run } from '../../database/statement.ts'
import type { BusinessLine } from '../../report/lines.ts'
import { type LegDetail, legHandle, legLine, type RowDetail, rowHandle, rowLine, whyLeftOut } from './items.ts'
import { passName } from './recomputed.ts'

/** A stored business, with how far its last run looked. */
interface ExplainedBusiness extends BusinessLine {
  starts_on: string | null
  item_mark: bigint
}

export interface Subject {
  /** as given */
  asked: string
  business: ExplainedBusiness
  /** several where one id names several items of one match */
  leg_nos: bigint[]
  row_nos: bigint[]
  /** null: it is no finding */
  discrepancy_id: string | null
}

interface Named {
  kind: 'leg' | 'row' | 'finding'
  item_no: bigint | null
  discrepancy_id: string | null
  /** the less, the more its own id it is */
  rank: number
}

/** A thing that the id may mean, with what belongs to one story under one name. */
interface Meaning {
  business: ExplainedBusiness
  named: Named
  story: string
  /** what to give to `tieout explain` to mean just this */
  handle: string
  says: string
  /** it counts nowhere any more */
  is_gone: boolean
}

/** What an id may mean is listed up to so many of each kind. */
const MOST = 20

/** Finds the one thing that is meant. Throws UsageFault where there is none, or several, which it lists. */
export async function findSubject(db: Db, businesses: readonly BusinessConfig[], text: string): Promise<Subject> {
  const asked = text.trim()
  if (asked === '') throw new UsageFault('explain: which leg, row or finding? Give its id')
  const meant = await meaningsOf(db, businesses, asked)
  const [first] = meant
  if (first === undefined) throw nothingNamed(`explain ${asked}`, businesses)
  if (new Set(meant.map(({ story }) => story)).size > 1)
    throw new UsageFault(severalNamed(`explain ${asked}`, 'tieout explain ', meant, businesses))
  return subjectOf(asked, first, meant)
}

/** Finds the one leg, row or finding that is meant, though others be in one match with it. Throws UsageFault likewise. */
export async function findOne(db: Db, businesses: readonly BusinessConfig[], text: string): Promise<Subject> {
  const asked = text.trim()
  const meant = asked === '' ? [] : await meaningsOf(db, businesses, asked)
  const [only, ...others] = meant
  if (only === undefined) throw nothingNamed(asked, businesses)
  if (others.length > 0) throw new UsageFault(severalNamed(asked, '', meant, businesses))
  return subjectOf(asked, only, meant)
}

/** What the id may mean: of what counts, else of what is gone, what it names best. */
async function meaningsOf(db: Db, businesses: readonly BusinessConfig[], asked: string): Promise<Meaning[]> {
  const all: Meaning[] = []
  for (const { id } of businesses) all.push(...(await meaningsIn(db, id, asked)))
  const standing = all.filter(({ is_gone }) => !is_gone)
  const possible = standing.length > 0 ? standing : all
  const rank = Math.min(...possible.map(({ named }) => named.rank))
  return possible.filter(({ named }) => named.rank === rank)
}

const subjectOf = (asked: string, { business, named }: Meaning, meant: readonly Meaning[]): Subject => {
  const numbers = (kind: Named['kind']): bigint[] =>
    meant.flatMap((each) => (each.named.kind === kind && each.named.item_no !== null ? [each.named.item_no] : []))
  return { asked, business, leg_nos: numbers('leg'), row_nos: numbers('row'), discrepancy_id: named.discrepancy_id }
}

async function meaningsIn(db: Db, business_id: string, asked: string): Promise<Meaning[]> {
  const [business] = await run<ExplainedBusiness>(db, 'explain/business', [business_id])
  if (business === undefined) return []
  const slashes = [...asked.matchAll(/\//g)].map(({ index }) => index)
  const heads = slashes.map((place) => asked.slice(0, place))
  const tails = slashes.map((place) => asked.slice(place + 1))
  const found = await run<Named>(db, 'explain/named', [business_id, asked, heldKey(asked), heads, tails, MOST])
  const numbers = (kind: Named['kind']): bigint[] =>
    found.flatMap((named) => (named.kind === kind && named.item_no !== null ? [named.item_no] : []))
  const legs = await readLegs(db, business_id, numbers('leg'))
  const rows = await readRows(db, business_id, numbers('row'))
  return found.flatMap((named): Meaning[] => {
    const { kind, item_no, discrepancy_id } = named
    if (kind === 'finding' && discrepancy_id !== null) {
      const handle = discrepancy_id
      return [{ business, named, story: `finding ${handle}`, handle, says: `finding ${handle}`, is_gone: false }]
    }
    const leg = kind === 'leg' ? legs.find(({ leg_no }) => leg_no === item_no) : undefined
    if (leg) return [{ business, named, ...meaningOf(business_id, leg, legHandle(leg), legLine(leg)) }]
    const row = kind === 'row' ? rows.find(({ row_no }) => row_no === item_no) : undefined
    return row ? [{ business, named, ...meaningOf(business_id, row, rowHandle(row), rowLine(row)) }] : []
  })
}

export const readLegs = async (db: Db, business_id: string, leg_nos: readonly bigint[]): Promise<LegDetail[]> =>
  leg_nos.length === 0 ? [] : await run<LegDetail>(db, 'explain/legs', [business_id, leg_nos])

export const readRows = async (db: Db, business_id: string, row_nos: readonly bigint[]): Promise<RowDetail[]> =>
  row_nos.length === 0 ? [] : await run<RowDetail>(db, 'explain/rows', [business_id, row_nos])

const meaningOf = (
  business_id: string,
  item: LegDetail | RowDetail,
  handle: string,
  line: string,
): Omit<Meaning, 'business' | 'named'> => ({
  story: `${business_id} ${storyOf(item, handle)}`,
  handle,
  says: `${line}; ${stateOf(item)}`,
  is_gone: ['removed', 'replaced', 'withdrawn'].includes(item.left_out ?? ''),
})

/** What is in one match, or in one ambiguous finding, is one story. */
const storyOf = ({ match_no, island_no }: LegDetail | RowDetail, handle: string): string => {
  if (match_no !== null) return `match ${match_no}`
  return island_no === null ? handle : `island ${island_no}`
}

/** 'matched by pass 1 (refund_id)', 'unmatched', 'not looked at yet' */
export const stateOf = (item: LegDetail | RowDetail): string => {
  if (item.pass !== null) return `matched by ${passName(item.pass)}`
  const left_out = whyLeftOut(item)
  if (left_out !== null) return left_out
  if (item.state === null) return item.is_new ? 'not looked at by a run yet' : 'in no match'
  return item.state === 'duplicate' ? 'a duplicate in the ledger' : item.state
}

const nothingNamed = (asked: string, businesses: readonly BusinessConfig[]): UsageFault => {
  const whose = businesses.map(({ name }) => name).join(', ')
  return new UsageFault(`${asked}: found no leg, row or finding of this id in ${whose}`, {
    hint: "give payments[].id, its refund's id or an external id, a transaction or refund id of the processor, or the beginning of a finding's id",
  })
}

function severalNamed(
  asked: string,
  command: string,
  meant: readonly Meaning[],
  businesses: readonly BusinessConfig[],
): string {
  const whose = new Set(meant.map(({ business }) => business.business_id))
  const lines = meant.map(({ business, handle, says }) => {
    const chosen = whose.size > 1 && businesses.length > 1 ? `--business ${business.business_id} ` : ''
    return `  ${command}${chosen}${quoted(handle)}\n      ${says}`
  })
  return `${asked}: found ${meant.length} things of this id; say which is meant:\n${lines.join('\n')}`
}

/** As a shell takes it. */
const quoted = (text: string): string => (/^[\w./:@+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)
