/** Lives through a history three ways in three businesses, and says where they differ from each other or from the contract. */

import type { Database } from '../../src/database/connect.ts'
import { reconcile } from '../../src/reconciliation/reconcile.ts'
import { type Besides, insideOf, settingsOf } from './besides.ts'
import { wrongsIn } from './integrity.ts'
import { type PlainWorld, describe as tell } from './plain-matching.ts'
import { fullNight, nextNight, type PlainNight } from './plain-nights.ts'
import { overRefundsOf } from './plain-over-refund.ts'
import { quiet } from './quiet.ts'
import { type StoredNight, standingOf, storedOverRefunds, storedResult, storeNight } from './stored-world.ts'

export interface History {
  worlds: readonly PlainWorld[]
  besides: Besides
}

type Way = 'never' | 'always' | 'auto'

/** Findings ripen from night to night. */
const instantOf = (night: number): string => `2026-10-${String(night + 8).padStart(2, '0')}T12:00:00Z`

/** Everything of earlier histories goes: what is asked of whole tables stays quick. */
const FORGET = `
  set session_replication_role = replica;
  do $$ begin
    execute (select 'truncate ' || string_agg(relname, ', ') from pg_class
             where relkind = 'r' and relnamespace = current_schema()::regnamespace and relname <> 'schema_part');
  end $$;
  set session_replication_role = origin`

const differences = (found: readonly string[], due: readonly string[]): string[] => [
  ...found.filter((line) => !due.includes(line)).map((line) => `is: ${line}`),
  ...due.filter((line) => !found.includes(line)).map((line) => `due: ${line}`),
]

/** The first thing that is not as it has to be, or null. The first of the ways is held against the contract. */
export async function whatIsWrong(
  database: Database,
  { worlds, besides }: History,
  ways: readonly [Way, ...Way[]] = ['never', 'always', 'auto'],
): Promise<string | null> {
  await database.query(FORGET)
  const businesses = new Map<string, { business_id: string; night: StoredNight }>()
  let plain: PlainNight | null = null
  const wrong = (night: number, what: string, lines: readonly string[]): string | null =>
    lines.length === 0 ? null : [`night ${night}, ${what}`, ...lines].join('\n  ')

  for (const [place, world] of worlds.entries()) {
    const as_of = instantOf(place)
    const night = { world, besides, night: place, as_of }
    const inside = insideOf(world, settingsOf(besides, place))
    plain = nextNight(plain, inside)
    const standings: string[][] = []
    for (const bulk of ways) {
      const business_id = await storeNight(database, night, businesses.get(bulk) ?? null)
      businesses.set(bulk, { business_id, night })
      const { unexplained_lines } = await reconcile(database, business_id, { as_of, now: as_of, bulk, log: quiet })
      if (unexplained_lines !== 0) return `night ${place}, bulk ${bulk}: ${unexplained_lines} unexplained lines`
      standings.push(await standingOf(database, business_id))
    }
    const [apart = []] = standings
    const business_id = businesses.get(ways[0])?.business_id ?? ''
    const found = await storedResult(database, business_id)
    const overRefunds = await storedOverRefunds(database, business_id)
    const bad =
      wrong(place, 'against the contract', differences(tell(found), tell(plain.result))) ??
      wrong(place, 'over-refunds', differences(overRefunds, overRefundsOf(world, besides, found.matches))) ??
      wrong(place, 'in the tables', await wrongsIn(database))
    if (bad !== null) return bad
    for (const [number, bulk] of ways.entries()) {
      const badApart = wrong(place, `bulk ${bulk} against ${ways[0]}`, differences(standings[number] ?? [], apart))
      if (badApart !== null) return badApart
    }
    const isLast = place === worlds.length - 1
    if (place > 0 && !isLast) continue

    // everything anew: the first night again, and after a history what the data alone say
    const own = businesses.get(ways.at(-1) ?? ways[0])?.business_id ?? ''
    const options = { as_of, now: as_of, full: true, log: quiet }
    const { matches_changed, unexplained_lines } = await reconcile(database, own, options)
    if (unexplained_lines !== 0) return `night ${place}, --full: ${unexplained_lines} unexplained lines`
    const anew = tell(await storedResult(database, own))
    const badAnew =
      wrong(place, '--full against the contract', differences(anew, tell(fullNight(inside).result))) ??
      wrong(place, '--full in the tables', await wrongsIn(database))
    if (badAnew !== null) return badAnew
    if (place > 0) continue
    if (matches_changed !== 0) return `night 0: --full changed ${matches_changed} matches`
    const again = wrong(0, '--full against the first run', differences(await standingOf(database, own), apart))
    if (again !== null) return again
  }
  return null
}
