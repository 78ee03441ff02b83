/** Every screen of the desk over a business with many findings, against the time in which it has to answer. */

import { CODES } from '../../src/core/discrepancy.ts'
import { count } from '../../src/database/statement.ts'
import { listFindings } from '../../src/review/list-findings.ts'
import { openDesk } from '../support/desk.ts'
import { MANY, storeMany } from '../support/many-findings.ts'
import { PLAIN_BUSINESS } from '../support/plain-config.ts'
import type { Bench } from './bench.ts'
import { secondsOf } from './timing.ts'

/** Seconds in which 19 of 20 requests have to be answered. */
const BOUND = 0.3
const ROUNDS = 20

const MONTH = `/b/${MANY}/2026-10`

export async function measureDesk(bench: Bench): Promise<void> {
  const { asked, server } = bench
  const world = await server.fresh('migrated')
  const { database } = world
  await storeMany(database, asked.size)
  bench.say(`  ${asked.size} findings: noted in ${(await secondsOf(() => listFindings(database, MANY))).toFixed(1)} s`)
  await count(database, 'tie_out/totals', [MANY, true, []])
  await count(database, 'tie_out/explain', [MANY])
  await count(database, 'tie_out/verdicts', [MANY])
  await database.query('vacuum analyze')
  await server.settle()
  const desk = await openDesk(database, [{ ...PLAIN_BUSINESS, id: MANY, name: 'Many Refunds' }])
  bench.atEnd(async () => {
    await desk.close()
    await world.drop()
  })
  const cookie = await desk.signIn('Bob')
  const get = async (path: string): Promise<string> => {
    const { status, text } = await desk.send({ path, headers: { cookie } })
    if (status !== 200) throw new Error(`${path}: ${status} ${/role="alert">([^<]*)/.exec(text)?.[1] ?? ''}`)
    return text
  }
  const idOf = (text: string): string => /\/item\/([0-9a-f]+)/.exec(text)?.[1] ?? ''
  const first = await get(MONTH)
  const next = /href="([^"]+)" rel="next"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const item = `/b/${MANY}/item/${idOf(first)}`
  const codes = Object.keys(CODES).slice(0, 2)
  // each address another one, so that nothing is known from the round before
  const screens: Record<string, (round: number) => string> = {
    businesses: () => '/',
    month: () => MONTH,
    'next page': () => next,
    'filter by code': (round) => `${MONTH}?code=${codes[round % 2]}&state=${round % 3 === 0 ? 'open' : 'all'}`,
    'search for an id': (round) => `${MONTH}?q=re_${1_000 + round * 37}`,
    'search for an amount': (round) => `${MONTH}?q=${10 + round},${50 + round}`,
    item: () => item,
    'look up': (round) => `/b/${MANY}/look-up?q=txn_${round}`,
    'tie-out': () => `${MONTH}/tie-out`,
    'refunds of a figure': () => `${MONTH}/refunds?side=processor&processor=STRIPE`,
    'items of a figure': () => `${MONTH}/roll-forward?step=new&processor=STRIPE&direction=customer&currency=USD`,
    close: () => `${MONTH}/close`,
    quarantine: () => `/b/${MANY}/quarantine`,
  }
  const note = (screen: string, seconds: readonly number[]): void => {
    const p95 = seconds.toSorted((a, b) => a - b)[Math.ceil(seconds.length * 0.95) - 1] ?? 0
    bench.say(`  ${screen}: ${Math.round(p95 * 1000)} ms at p95`)
    const run = (value: number) => ({ seconds: value, cpu_seconds: null, peak_mb: null })
    bench.note({
      ...{ measure: `desk, ${screen}, p95`, size: asked.size, jobs: [run(p95)] },
      ...{ against: 'the bound', bases: [run(BOUND)], at_most: 1 },
    })
  }
  for (const [screen, address] of Object.entries(screens)) {
    const taken: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) taken.push(await secondsOf(() => get(address(round))))
    note(screen, taken)
  }
  // a decision makes the sums of the list anew
  const [decided, after]: [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS; round += 1) {
    const text = await get(item)
    const field = (name: string): string => new RegExp(`name="${name}" value="([^"]+)"`).exec(text)?.[1] ?? ''
    const form = { csrf: field('csrf'), taken: field('taken'), action: 'comment', note: `round ${round}` }
    decided.push(await secondsOf(() => desk.send({ path: item, headers: { cookie }, form })))
    after.push(await secondsOf(() => get(MONTH)))
  }
  note('a decision', decided)
  note('month after a decision', after)
}
