/** What is signed of a month (spec section 7, Close): the figures as they stand, and the hash over their canonical JSON. */

import { canonicalJson, sha256Of } from '../../core/canonical-json.ts'
import { type RollForwardPart, rollForwardOf } from '../../core/roll-forward.ts'
import type { Db } from '../../database/connect.ts'
import { type RowOf, run } from '../../database/statement.ts'
import type { ChainEnd } from '../events.ts'

export const CLOSE_SCHEMA = 'tieout.close/1'

/** The figures of a month: what has to be the same when another person reviews it. Values as JSON has them. */
export interface Figures {
  verdict: string
  tie_out: readonly object[]
  roll_forward: readonly object[]
  carried: readonly object[]
  findings: readonly object[]
}

/** All that the hash is over. */
export interface Content extends Figures {
  schema: typeof CLOSE_SCHEMA
  business_id: string
  business: object
  month: string
  edition: number
  prepared_by: string
  prepared_at: string
  four_eyes: boolean
  accept_open: string | null
  as_of: string
  reasons: readonly object[]
  sources: readonly object[]
  event_number: bigint
  event_hash: string
}

/** One form for one instant, whatever form it came in. */
const instant = (at: string): string => new Date(at).toISOString()

/** A value as it is after it was written as JSON and read again. */
const asJson = <T>(value: unknown): T => JSON.parse(canonicalJson(value)) as T

const exact = (effects: unknown): object[] =>
  (effects as { amount: string; refund_fee: string; returned_fee: string }[]).map((effect) => ({
    ...effect,
    ...{ amount: BigInt(effect.amount), refund_fee: BigInt(effect.refund_fee) },
    returned_fee: BigInt(effect.returned_fee),
  }))

type FindingRow = RowOf<
  'close/findings',
  'processor' | 'refund_id' | 'dated_on' | 'due_on' | 'as' | 'by' | 'at' | 'note'
>

const findingOf = ({ as, by, at, note, effects, ...finding }: FindingRow): object => ({
  ...finding,
  effects: exact(effects),
  decision: by === null ? null : { as, by, at: at === null ? null : instant(at), note },
})

/** The figures of a month as they stand. Its verdict is that of the last run and of what was decided since. */
export const figuresOf = async (db: Db, business_id: string, month: string, verdict: string): Promise<Figures> => {
  const asked = [business_id, month, month] as const
  const tie_out = await run(db, 'report/tie_out', asked)
  const roll_forward = await run<RollForwardPart>(db, 'close/roll_forward', asked)
  const carried = await run(db, 'close/carried', [business_id, month])
  const findings = await run<FindingRow>(db, 'close/findings', [business_id, month])
  return asJson<Figures>({
    verdict,
    tie_out,
    roll_forward: rollForwardOf(roll_forward),
    carried,
    findings: findings.map(findingOf),
  })
}

/** Everything else that is signed with the figures. */
export const contentOf = async (
  db: Db,
  business_id: string,
  month: string,
  figures: Figures,
  given: Pick<Content, 'business' | 'edition' | 'prepared_by' | 'prepared_at' | 'four_eyes' | 'accept_open'> &
    Pick<Content, 'as_of' | 'reasons'> & { end: ChainEnd },
): Promise<Content> => {
  const { end, ...facts } = given
  const sources = await run(db, 'close/sources', [business_id, month])
  return {
    ...figures,
    ...facts,
    ...{
      schema: CLOSE_SCHEMA,
      business_id,
      month,
      prepared_at: instant(facts.prepared_at),
      as_of: instant(facts.as_of),
    },
    sources: asJson<object[]>(sources),
    event_number: end.event_number,
    event_hash: end.hash,
  }
}

export const hashOfContent = (content: object): string => sha256Of(canonicalJson(content))

/** In which of the figures two readings of a month differ, in words; none where they are the same. */
export const differencesOf = (before: Figures, now: Figures): string[] => {
  const told: string[] = []
  if (before.verdict !== now.verdict) told.push(`the month is ${now.verdict}, no longer ${before.verdict}`)
  type Finding = { id: string; code: string; status: string }
  const were = new Map((before.findings as Finding[]).map((finding) => [finding.id, finding]))
  const are = new Map((now.findings as Finding[]).map((finding) => [finding.id, finding]))
  for (const [id, { code, status }] of were) {
    const own = are.get(id)
    const called = `${code} ${id.slice(0, 8)}`
    if (own === undefined) told.push(`${called} is not found any more`)
    else if (own.status !== status) told.push(`${called} is ${own.status}, no longer ${status}`)
    else if (canonicalJson(own) !== canonicalJson(were.get(id))) told.push(`${called} is otherwise`)
  }
  for (const [id, { code }] of are) if (!were.has(id)) told.push(`${code} ${id.slice(0, 8)} is new`)
  if (canonicalJson(before.tie_out) !== canonicalJson(now.tie_out)) told.push('the tie-out has other figures')
  const rolled = ({ roll_forward, carried }: Figures): string => canonicalJson([roll_forward, carried])
  if (told.length === 0 && rolled(before) !== rolled(now)) told.push('the roll-forward has other figures')
  return told
}

export type StoredClose = RowOf<
  'close/stored',
  'accept_open' | 'state' | 'reviewed_by' | 'closed_at' | 'signed_number' | 'signed_hash'
>

/** The content of a close, from what is stored of it. */
export const storedContent = (business_id: string, stored: StoredClose): Content => ({
  ...{ schema: CLOSE_SCHEMA, business_id, business: stored.business as object, month: stored.month },
  ...{ edition: stored.edition, prepared_by: stored.prepared_by, prepared_at: instant(stored.prepared_at) },
  ...{ four_eyes: stored.four_eyes, accept_open: stored.accept_open, as_of: instant(stored.as_of) },
  ...{ verdict: stored.verdict, reasons: stored.reasons as object[], tie_out: stored.tie_out as object[] },
  ...{ roll_forward: stored.roll_forward as object[], carried: stored.carried as object[] },
  ...{ findings: stored.findings as object[], sources: stored.sources as object[] },
  ...{ event_number: stored.event_number, event_hash: stored.event_hash },
})
