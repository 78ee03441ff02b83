/** `tieout review match | unmatch | rulings | forget`: what persons rule about matching. */

import type { BusinessConfig } from '../../config/config.ts'
import { UsageFault } from '../../core/errors.ts'
import type { Db } from '../../database/connect.ts'
import { withBusinessLock } from '../../database/locks.ts'
import type { Job, Result } from '../../job.ts'
import { momentText } from '../../review/history.ts'
import type { Act } from '../../review/repairs.ts'
import {
  forgetRuling,
  type Items,
  readRulings,
  refuseUnseen,
  ruleMatch,
  ruleUnmatch,
  type Seen,
  type StandingRuling,
} from '../../review/rulings.ts'
import { byBeginnings } from '../correction-choice.ts'
import { findOne, findSubject, type Subject } from '../explain/subject.ts'
import { actOf } from '../person.ts'
import { PATIENCE } from './decide.ts'
import type { ReviewFlags } from './flags.ts'

/** The legs and rows of findings too. */
const itemsOf = async (db: Db, { business, leg_nos, row_nos, discrepancy_id }: Subject): Promise<Items> => {
  if (discrepancy_id === null) return { leg_nos, row_nos }
  const [finding] = await (await db.kysely())
    .selectFrom('discrepancy')
    .select(['leg_nos', 'row_nos'])
    .where('business_id', '=', business.business_id)
    .where('discrepancy_id', '=', discrepancy_id)
    .execute()
  return finding ?? { leg_nos, row_nos }
}

const union = (all: readonly Items[]): Items => ({
  leg_nos: [...new Set(all.flatMap(({ leg_nos }) => leg_nos))],
  row_nos: [...new Set(all.flatMap(({ row_nos }) => row_nos))],
})

type Ruling = Pick<Job, 'database' | 'businesses' | 'log'>

/**
 * Rules on these legs and rows: `match` takes each id for one leg, row or finding, `unmatch` for any part of one match.
 * `seen` has to hold first, under the business's lock.
 */
export const ruleOn = async (
  job: Ruling,
  kind: 'match' | 'unmatch',
  ids: readonly string[],
  act: Act,
  seen: Seen | null = null,
): Promise<{ business: BusinessConfig; ruling: StandingRuling }> => {
  const find = kind === 'match' ? findOne : findSubject
  const subjects: Subject[] = []
  for (const id of ids) subjects.push(await find(job.database, job.businesses, id))
  const [first, ...others] = subjects
  if (first === undefined) throw new UsageFault(`review ${kind}: which legs and rows? Give their ids`)
  const other = others.find(({ business }) => business.business_id !== first.business.business_id)
  if (other !== undefined)
    throw new UsageFault(
      `review ${kind}: ${first.asked} is of ${first.business.name}, and ${other.asked} of ${other.business.name}`,
    )
  const items = union(await Promise.all(subjects.map((subject) => itemsOf(job.database, subject))))
  const rule = kind === 'match' ? ruleMatch : ruleUnmatch
  const business = businessOf(job, first.business.business_id)
  const ruling = await locked(job, business, async (db) => {
    if (seen !== null) await refuseUnseen(db, business.id, seen)
    return await rule(db, business.id, items, act)
  })
  return { business, ruling }
}

export const ruleItems = async (
  job: Job,
  kind: 'match' | 'unmatch',
  ids: readonly string[],
  flags: ReviewFlags,
): Promise<Result> => {
  const { business, ruling } = await ruleOn(job, kind, ids, actOf(job, flags))
  return {
    text: `${business.name}: ${rulingText(ruling)}\n  the next run (\`tieout reconcile\`) follows it`,
    document: { schema: `tieout.review-${kind}/1`, rulings: [rulingJson(ruling)] },
  }
}

const businessOf = (job: Ruling, id: string): BusinessConfig => {
  const business = job.businesses.find((each) => each.id === id)
  if (business === undefined) throw new Error(`business ${id} is not chosen`)
  return business
}

/** A person's work on a business, which waits for a run at work on it for a few seconds. */
export const locked = async <T>(job: Ruling, business: BusinessConfig, work: (db: Db) => Promise<T>): Promise<T> =>
  await withBusinessLock(job.database, business, job.log, (own) => own.transaction(work), PATIENCE)

/** 'RULING  leg a, row b are one match: ruled by Ada on ...' */
export const rulingText = ({ id, kind, legs, rows, by, at, note }: StandingRuling): string => {
  const items = [...legs.map((leg) => `leg ${leg}`), ...rows.map((row) => `row ${row}`)].join(', ')
  const says = kind === 'match' ? `${items} are one match` : `no pair of ${items} is matched`
  return `${id}  ${says}: ruled by ${by} on ${momentText(at)}${note === null ? '' : `, "${note}"`}`
}

const rulingJson = ({ id, kind, legs, rows, by, at, note }: StandingRuling): object => ({
  ...{ id, kind, legs, rows, by, at, note },
})

interface Own {
  business: BusinessConfig
  ruling: StandingRuling
}

const everyRuling = async (job: Job): Promise<Own[]> => {
  const own: Own[] = []
  for (const business of job.businesses) {
    for (const ruling of await readRulings(job.database, business.id)) own.push({ business, ruling })
  }
  return own
}

export const listRulings = async (job: Job): Promise<Result> => {
  const all = await everyRuling(job)
  const text = job.businesses.map((business) => {
    const own = all.filter((each) => each.business === business).map(({ ruling }) => rulingText(ruling))
    return [business.name, ...(own.length === 0 ? ['no rulings'] : own).map((line) => `  ${line}`)].join('\n')
  })
  return {
    text: text.join('\n'),
    document: { schema: 'tieout.review-rulings/1', rulings: all.map(({ ruling }) => rulingJson(ruling)) },
  }
}

/** Takes rulings back: all of them or none of a business. */
export const forgetRulings = async (job: Job, ids: readonly string[], flags: ReviewFlags): Promise<Result> => {
  const act: Act = actOf(job, flags)
  const chosen = byBeginnings(ids, await everyRuling(job), ({ ruling }) => [ruling.id], 'ruling', 'review rulings')
  for (const business of new Set(chosen.map((each) => each.business))) {
    await locked(job, business, async (db) => {
      for (const each of chosen) if (each.business === business) await forgetRuling(db, business.id, each.ruling, act)
    })
  }
  return {
    text: chosen.map(({ business, ruling }) => `${business.name}: taken back: ${rulingText(ruling)}`).join('\n'),
    document: { schema: 'tieout.review-forget/1', rulings: chosen.map(({ ruling }) => rulingJson(ruling)) },
  }
}
