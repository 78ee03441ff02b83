/** `doctor --deep`: whether what is stored agrees with itself. Each query of sql/integrity/ must return no row. */

import type { BusinessConfig } from '../config/config.ts'
import type { Database, Db } from '../database/connect.ts'
import { ofBusinesses, run } from '../database/statement.ts'
import { firstBrokenEvent } from '../review/events.ts'

/** Something of a business that is stored and wrong. */
interface StoredFault {
  business: BusinessConfig
  found: string
  advice: string
}

interface Query {
  /** what is so where it returns a row */
  fault: string
  /** what it asks of holds only while nothing has come in since the last reconciliation */
  is_after_run?: true
  /** it asks of what a run worked out, not of what was received: a run over everything works it out anew */
  is_worked_out?: true
}

/** The queries of sql/integrity/, by name. */
export const QUERIES: Readonly<Record<string, Query>> = {
  balanced_matches: { fault: 'a match that differs counts as settled', is_after_run: true, is_worked_out: true },
  coverage: {
    fault: 'the dates covered are not those of the stored reports',
    is_after_run: true,
    is_worked_out: true,
  },
  discrepancy_effects: { fault: 'an amount belongs to a finding that is not stored', is_worked_out: true },
  discrepancy_items: {
    fault: 'a finding names a refund or a line that is not there',
    is_after_run: true,
    is_worked_out: true,
  },
  events: { fault: 'the history was cut or changed' },
  fee_spans: {
    fault: 'fees are compared by other rules than the settings say',
    is_after_run: true,
    is_worked_out: true,
  },
  items_in_one_place: {
    fault: 'a refund or a line is neither matched nor open, or both',
    is_after_run: true,
    is_worked_out: true,
  },
  match_totals: { fault: 'the totals of the matches are not their sums', is_after_run: true, is_worked_out: true },
  matched_items: {
    fault: 'a match holds a refund or a line that does not count',
    is_after_run: true,
    is_worked_out: true,
  },
  matches: { fault: 'a match is not whole', is_worked_out: true },
  open_items: { fault: 'an open refund or line does not count', is_after_run: true, is_worked_out: true },
  outside_totals: {
    fault: 'the totals of payments outside processors are not their sums',
    is_after_run: true,
    is_worked_out: true,
  },
  refunds: { fault: 'a refund is not stored as Layer sent it' },
  roll_forward: {
    fault: 'the roll-forward of open items does not carry from month to month',
    is_after_run: true,
    is_worked_out: true,
  },
  rows: { fault: 'a line of a report has lost its file or its refund' },
  tie_out: { fault: 'no finding explains a difference', is_after_run: true, is_worked_out: true },
  tie_out_lines: {
    fault: 'the tie-out is not what refunds, lines and findings come to',
    is_after_run: true,
    is_worked_out: true,
  },
}

/** Of one query and business, so many are listed; the others are counted. */
const MOST_LISTED = 10

const adviceOf = ({ is_worked_out }: Query, { name }: BusinessConfig): string =>
  is_worked_out
    ? `Run \`tieout reconcile --full --business "${name}"\`; if it is found again, report it as a fault of Tieout`
    : 'Somebody changed the database by hand, or it is damaged: restore it from a backup'

interface Wrong {
  business_id: string
  wrong: string
}

export interface Examined {
  faults: StoredFault[]
  /** how many queries were asked */
  queries: number
  /** of these, what the last run left is not asked: something may have come in since */
  unsettled: BusinessConfig[]
}

/** Asks all queries over the businesses, as of one moment. Reads everything that is stored, and writes nothing. */
export async function examineStored(
  database: Database,
  businesses: readonly BusinessConfig[],
  onQuery: (name: string) => void,
): Promise<Examined> {
  return await database.transaction(async (db) => {
    await db.query('set transaction read only')
    const ids = businesses.map(({ id }) => id)
    const rows = await run<{ business_id: string }>(db, 'run/unsettled', [ids])
    const unsettled = new Set(rows.map(({ business_id }) => business_id))
    const faults: StoredFault[] = []
    for (const [name, query] of Object.entries(QUERIES)) {
      onQuery(name)
      const asked = query.is_after_run ? businesses.filter(({ id }) => !unsettled.has(id)) : businesses
      faults.push(...(await faultsOf(db, name, query, asked)))
    }
    onQuery('hashes of the history')
    for (const business of businesses) faults.push(...(await brokenChain(db, business)))
    return {
      faults,
      queries: Object.keys(QUERIES).length,
      unsettled: businesses.filter(({ id }) => unsettled.has(id)),
    }
  }, 'repeatable read')
}

async function faultsOf(
  db: Db,
  name: string,
  query: Query,
  businesses: readonly BusinessConfig[],
): Promise<StoredFault[]> {
  if (businesses.length === 0) return []
  const wrongs = await db.query<Wrong>(ofBusinesses(`integrity/${name}`, 'business_id, wrong'), [
    businesses.map(({ id }) => id),
  ])
  return businesses.flatMap((business) => {
    const own = wrongs.filter(({ business_id }) => business_id === business.id)
    const advice = adviceOf(query, business)
    const listed = own
      .slice(0, MOST_LISTED)
      .map(({ wrong }) => ({ business, found: `${query.fault}: ${wrong}`, advice }))
    const more = own.length - listed.length
    return more === 0 ? listed : [...listed, { business, found: `${query.fault}: ${more} more of these`, advice }]
  })
}

async function brokenChain(db: Db, business: BusinessConfig): Promise<StoredFault[]> {
  const broken = await firstBrokenEvent(db, business.id)
  if (broken === null) return []
  const { event_number, problem } = broken
  const found = `the history does not hold from event ${event_number} on: ${problem}`
  return [{ business, found, advice: adviceOf({ fault: found }, business) }]
}
