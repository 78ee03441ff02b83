/** `tieout explain`: why a leg, a row or a finding stands where it does. Reads in one transaction, writes nothing. */

import type { BusinessConfig } from '../config/config.ts'
import { dateInZone } from '../core/period.ts'
import type { Db } from '../database/connect.ts'
import { run } from '../database/statement.ts'
import type { Job, Result } from '../job.ts'
import { matchBusiness } from '../matching/match-business.ts'
import { compareLegs, compareRows } from '../matching/order.ts'
import { type ItemNumbers, loadNeighbourhood, type Neighbourhood } from '../reconciliation/neighbourhood.ts'
import { describeFindings } from '../report/discrepancies.ts'
import { type Details, differencesOf } from './explain/differences.ts'
import { explanationDocument } from './explain/document.ts'
import type { Explanation } from './explain/explanation.ts'
import { type FindingRow, type Focus, rowName } from './explain/items.ts'
import { type PassStory, passStories, withLeaders } from './explain/passes.ts'
import { Recomputed } from './explain/recomputed.ts'
import { statementsFor } from './explain/statements.ts'
import { readStored } from './explain/stored.ts'
import { findSubject, readLegs, readRows, type Subject } from './explain/subject.ts'
import { explanationText } from './explain/text.ts'

/** Findings of one item are told up to so many; the newest stand first. */
const MOST_FINDINGS = 20

/** A few items are looked up, whatever the planner expects of a key: each by its index, never by hashing a whole table. */
const READING = 'set transaction read only; set local enable_hashjoin = off; set local enable_mergejoin = off'

export const explain = async ({ database, businesses, as_of }: Job, id: string): Promise<Result> => {
  const explanation = await database.transaction(async (db) => {
    await db.query(READING)
    return await explained(db, businesses, id, as_of)
  }, 'repeatable read')
  return { text: explanationText(explanation), document: explanationDocument(explanation) }
}

/** Explains what the id means. `now` dates the age of findings where nothing ran yet. */
export async function explained(
  db: Db,
  businesses: readonly BusinessConfig[],
  id: string,
  now: string,
): Promise<Explanation> {
  const subject = await findSubject(db, businesses, id)
  const { business, leg_nos, row_nos, discrepancy_id } = subject
  const { business_id, reconciled_as_of } = business
  const ids = discrepancy_id === null ? [] : [discrepancy_id]
  const heads = await run<FindingRow>(db, 'explain/findings', [business_id, leg_nos, row_nos, ids, MOST_FINDINGS])
  const asked = await itemsOf(db, subject, heads)
  const near = await loadNeighbourhood(db, business_id, business, asked)
  const known = await detailsOf(db, business_id, asked, near)
  const legs = asked.leg_nos.flatMap((leg_no) => known.leg(leg_no) ?? [])
  const rows = asked.row_nos.flatMap((row_no) => known.row(row_no) ?? [])
  const matching = matchBusiness(near.legs, near.rows, { ...near.settings, trace: true }, near.rulings)
  const recomputed = new Recomputed(matching, near)
  const counted = countedOf(asked, near)
  const focus = withLeaders(counted, recomputed)
  const is_matched = counted.legs.length + counted.rows.length > 0
  const passes = is_matched ? passStories(focus, near, recomputed) : []
  const stored = await readStored(db, { business_id, as_of: reconciled_as_of }, { legs, rows }, near)
  const today = dateInZone(Date.parse(reconciled_as_of ?? now), business.time_zone)
  const shown = shownItems(asked, stored.matches, passes)
  return {
    subject,
    legs,
    rows,
    details: known,
    stored,
    islands: islandsOf(known, near),
    findings: await describeFindings(db, business, today, heads),
    near,
    follows: counted.rows.flatMap((row) => {
      const leader = recomputed.leaderOf(row)
      return leader ? [`${rowName(row)} takes part in no pass: it goes where ${rowName(leader)} goes.`] : []
    }),
    passes,
    differences: differencesOf({ legs, rows }, near, known, recomputed),
    sql: statementsFor({
      business_id,
      legs: shown.leg_nos.flatMap((leg_no) => known.leg(leg_no) ?? []),
      rows: shown.row_nos.flatMap((row_no) => known.row(row_no) ?? []),
      stored,
      findings: heads,
    }),
  }
}

interface Numbers {
  leg_nos: bigint[]
  row_nos: bigint[]
}

/** The legs and rows that are asked about: of a finding its own, or those of its refund. */
async function itemsOf(db: Db, subject: Subject, heads: readonly FindingRow[]): Promise<Numbers> {
  const { business, discrepancy_id, leg_nos, row_nos } = subject
  const finding = heads.find((head) => head.discrepancy_id === discrepancy_id)
  if (!finding) return { leg_nos, row_nos }
  if (finding.refund_id === null) return { leg_nos: finding.leg_nos, row_nos: finding.row_nos }
  const legs = await (await db.kysely())
    .selectFrom('ledger_leg')
    .select('leg_no')
    .where('business_id', '=', business.business_id)
    .where('direction', '=', finding.direction)
    .where('refund_id', '=', finding.refund_id)
    .orderBy('leg_no')
    .execute()
  return { leg_nos: legs.map(({ leg_no }) => leg_no), row_nos: [] }
}

async function detailsOf(db: Db, business_id: string, asked: Numbers, near: Neighbourhood): Promise<Details> {
  const leg_nos = [...new Set([...asked.leg_nos, ...near.legs.map(({ leg_no }) => leg_no)])]
  const row_nos = [...new Set([...asked.row_nos, ...near.rows.map(({ row_no }) => row_no)])]
  const legs = new Map((await readLegs(db, business_id, leg_nos)).map((leg) => [leg.leg_no, leg]))
  const rows = new Map((await readRows(db, business_id, row_nos)).map((row) => [row.row_no, row]))
  return { leg: (leg_no) => legs.get(leg_no), row: (row_no) => rows.get(row_no) }
}

/** What of it takes part in matching. */
const countedOf = ({ leg_nos, row_nos }: Numbers, near: Neighbourhood): Focus => ({
  legs: near.legs.filter(({ leg_no }) => leg_nos.includes(leg_no)),
  rows: near.rows.filter(({ row_no }) => row_nos.includes(row_no)),
})

/** What the SQL shows: what is asked about, its matches, and the candidates. */
function shownItems(asked: Numbers, matches: readonly ItemNumbers[], passes: readonly PassStory[]): Numbers {
  const candidates = passes.flatMap((pass) => pass.candidates)
  return {
    leg_nos: [
      ...new Set([
        ...asked.leg_nos,
        ...matches.flatMap(({ leg_nos }) => leg_nos),
        ...candidates.flatMap(({ legs }) => legs.map(({ leg_no }) => leg_no)),
      ]),
    ],
    row_nos: [
      ...new Set([
        ...asked.row_nos,
        ...matches.flatMap(({ row_nos }) => row_nos),
        ...candidates.flatMap(({ rows }) => rows.map(({ row_no }) => row_no)),
      ]),
    ],
  }
}

/** The items of each ambiguous island, by its number. */
function islandsOf(known: Details, near: Neighbourhood): Map<bigint, Numbers> {
  const islands = new Map<bigint, Numbers>()
  const under = (island_no: bigint): Numbers => {
    const island = islands.get(island_no) ?? { leg_nos: [], row_nos: [] }
    islands.set(island_no, island)
    return island
  }
  for (const { leg_no } of near.legs.toSorted(compareLegs)) {
    const island_no = known.leg(leg_no)?.island_no ?? null
    if (island_no !== null) under(island_no).leg_nos.push(leg_no)
  }
  for (const { row_no } of near.rows.toSorted(compareRows)) {
    const island_no = known.row(row_no)?.island_no ?? null
    if (island_no !== null) under(island_no).row_nos.push(row_no)
  }
  return islands
}
