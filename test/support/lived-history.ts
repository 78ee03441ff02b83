/** Lives through a history three ways in three businesses, and says where they differ from each other or from the contract. */

import type { Database } from '../../src/database/connect.ts'
import { type ReconcileOutcome, reconcile } from '../../src/reconciliation/reconcile.ts'
import { afterUpheaval, type Besides, insideOf, settingsOf, type Upheaval } from './besides.ts'
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

const wrong = (what: string, lines: readonly string[]): string | null =>
  lines.length === 0 ? null : [what, ...lines].join('\n  ')

const differences = (what: string, found: readonly string[], due: readonly string[]): string | null =>
  wrong(what, [
    ...found.filter((line) => !due.includes(line)).map((line) => `is: ${line}`),
    ...due.filter((line) => !found.includes(line)).map((line) => `due: ${line}`),
  ])

/** The businesses of one history, one for each way. */
class Lives {
  readonly #database: Database
  readonly #besides: Besides
  readonly #businesses = new Map<Way, { business_id: string; night: StoredNight }>()
  readonly #ways: readonly Way[]

  constructor(database: Database, besides: Besides, ways: readonly Way[]) {
    this.#database = database
    this.#besides = besides
    this.#ways = ways
  }

  idOf(way: Way | undefined): string {
    return (way && this.#businesses.get(way)?.business_id) ?? ''
  }

  /** The night is stored, and reconciled in each way; gives what is wrong of any, or where one differs from the first. */
  async live(world: PlainWorld, place: number): Promise<string | null> {
    const night = { world, besides: this.#besides, night: place, as_of: instantOf(place) }
    for (const way of this.#ways) {
      const business_id = await storeNight(this.#database, night, this.#businesses.get(way) ?? null)
      this.#businesses.set(way, { business_id, night })
    }
    return await this.reconcileAll(world, place)
  }

  /** What is stored is reconciled in each way, also where it was before. */
  async reconcileAll(world: PlainWorld, place: number): Promise<string | null> {
    const standings: string[][] = []
    for (const way of this.#ways) {
      const unexplained = await this.reconcile(way, place)
      if (typeof unexplained === 'string') return unexplained
      standings.push(await standingOf(this.#database, this.idOf(way)))
    }
    const [apart = []] = standings
    const found = await storedResult(this.#database, this.idOf(this.#ways[0]))
    const overRefunds = await storedOverRefunds(this.#database, this.idOf(this.#ways[0]))
    return (
      wrong('in the tables', await wrongsIn(this.#database)) ??
      differences('over-refunds', overRefunds, overRefundsOf(world, this.#besides, found.matches)) ??
      standings
        .map((standing, number) => differences(`bulk ${this.#ways[number]} against ${this.#ways[0]}`, standing, apart))
        .find((difference) => difference !== null) ??
      null
    )
  }

  /** Reconciles again; a text says that something is unexplained. */
  async reconcile(way: Way, place: number, full = false): Promise<ReconcileOutcome | string> {
    const as_of = instantOf(place)
    const options = { as_of, now: as_of, bulk: way, full, log: quiet }
    const outcome = await reconcile(this.#database, this.idOf(way), options)
    return outcome.unexplained_lines === 0 ? outcome : `bulk ${way}, ${outcome.unexplained_lines} lines unexplained`
  }

  async resultOf(way: Way): Promise<string[]> {
    return tell(await storedResult(this.#database, this.idOf(way)))
  }

  /** Everything anew, by each of the ways: what the data alone say. */
  async anew(place: number, world: PlainWorld, { isFirst }: { isFirst: boolean }): Promise<string | null> {
    const wanted = tell(fullNight(world).result)
    for (const way of this.#ways) {
      const id = this.idOf(way)
      const before = isFirst ? await standingOf(this.#database, id) : null
      const matches = await matchesOf(this.#database, id)
      const outcome = await this.reconcile(way, place, true)
      if (typeof outcome === 'string') return `--full: ${outcome}`
      const changed = changesOf(matches, await matchesOf(this.#database, id))
      const bad =
        (isFirst && changed !== 0 ? `it changed ${changed} matches` : null) ??
        (outcome.matches_changed !== changed
          ? `it says that ${outcome.matches_changed} matches changed, not ${changed}`
          : null) ??
        differences('against the contract', await this.resultOf(way), wanted) ??
        wrong('in the tables', await wrongsIn(this.#database)) ??
        (before && differences('against the first run', await standingOf(this.#database, id), before))
      if (bad !== null) return `--full, bulk ${way}, ${bad}`
    }
    return null
  }

  async changeSettings(change: Upheaval): Promise<void> {
    for (const way of this.#ways) await this.#database.query(UPHEAVALS[change], [this.idOf(way)])
  }
}

/** The number of each match -> its pass, legs and rows. */
type Matches = ReadonlyMap<bigint, string>

async function matchesOf(database: Database, business_id: string): Promise<Matches> {
  const rows = await database.query<{ match_no: bigint; said: string }>(
    `select match_no, string_agg(concat_ws(' ', pass, 'leg', leg_no, 'row', row_no), ', ' order by leg_no, row_no) as said
     from match_item where business_id = $1 group by match_no`,
    [business_id],
  )
  return new Map(rows.map(({ match_no, said }) => [match_no, said]))
}

/** How many matches are on one side only. */
const changesOf = (before: Matches, after: Matches): number =>
  [...before].filter(([match_no, said]) => after.get(match_no) !== said).length +
  [...after].filter(([match_no, said]) => before.get(match_no) !== said).length

/** Settings that matter to matching, changed after all nights: nothing is matched anew by that, and everything ties out. */
const UPHEAVALS: Readonly<Record<Upheaval, string>> = {
  none: 'select $1::uuid',
  alias: 'delete from processor_alias where business_id = $1',
  outside: `update business set outside_methods = '{CASH,CREDIT_CARD}' where business_id = $1`,
}

/** The first thing that is not as it has to be, or null. The first of the ways is held against the contract. */
export async function whatIsWrong(
  database: Database,
  { worlds, besides }: History,
  ways: readonly [Way, ...Way[]] = ['never', 'always', 'auto'],
): Promise<string | null> {
  await database.query(FORGET)
  const lives = new Lives(database, besides, ways)
  let plain: PlainNight | null = null
  for (const [place, world] of worlds.entries()) {
    const inside = insideOf(world, settingsOf(besides, place))
    plain = nextNight(plain, inside)
    const bad =
      (await lives.live(world, place)) ??
      differences('against the contract', await lives.resultOf(ways[0]), tell(plain.result)) ??
      (place === 0 ? await lives.anew(place, inside, { isFirst: true }) : null)
    if (bad !== null) return `night ${place}, ${bad}`
  }
  const last = worlds.at(-1)
  if (last === undefined) return null
  for (const again of ['once more', 'twice more']) {
    plain = nextNight(plain, insideOf(last, settingsOf(besides, worlds.length - 1)))
    const bad =
      (await lives.reconcileAll(last, worlds.length - 1)) ??
      differences('against the contract', await lives.resultOf(ways[0]), tell(plain.result))
    if (bad !== null) return `${again} without anything new, ${bad}`
  }
  const place = worlds.length
  await lives.changeSettings(besides.upheaval)
  const inside = afterUpheaval(insideOf(last, settingsOf(besides, place)), besides.upheaval)
  const bad = (await lives.live(last, place)) ?? (await lives.anew(place, inside, { isFirst: false }))
  return bad === null ? null : `after all nights (${besides.upheaval}), ${bad}`
}
