/** `tieout quarantine`: records that were quarantined; a conflicting line accepted, or a record dismissed, by a person. */

import { UsageFault } from '../core/errors.ts'
import { oneLine } from '../core/visible.ts'
import { run } from '../database/statement.ts'
import type { Flags, Job, Result } from '../job.ts'
import { quarantineJson } from '../report/json/json.ts'
import { readQuarantine } from '../report/quarantine.ts'
import type { QuarantineLine } from '../report/source-lines.ts'
import {
  DECIDED,
  decideRecord,
  placeOf,
  type RecordAside,
  recordsAside,
  refuseRecord,
  subjectOf,
} from '../review/quarantine.ts'
import { checkOneOwner, overBusinesses } from './over-businesses.ts'
import { actOf, type PersonFlags } from './person.ts'

export type QuarantineAction = 'list' | 'show' | 'accept' | 'dismiss'
export type QuarantineFlags = Flags & PersonFlags

/** Does what is asked. */
export const quarantine = async (
  job: Job,
  action: QuarantineAction,
  ids: readonly string[],
  flags: QuarantineFlags,
): Promise<Result> => {
  if (action === 'list') return await list(job)
  const records = await recordsNamed(job, ids)
  return action === 'show' ? await show(job, records) : await decide(job, action, records, flags)
}

const linesOf = async (job: Job, business_id: string, ids: readonly bigint[] | null): Promise<QuarantineLine[]> =>
  await job.database.transaction(async (db) => {
    const lines: QuarantineLine[] = []
    for await (const line of readQuarantine(db, [business_id, null, null, ids])) lines.push(line)
    return lines
  })

const list = async (job: Job): Promise<Result> => {
  const texts: string[] = []
  const documents: object[] = []
  for (const { id, name } of job.businesses) {
    const lines = await linesOf(job, id, null)
    const said = lines.length === 0 ? ['nothing is in quarantine'] : lines.map(lineText)
    texts.push([name, ...said.map((line) => `  ${oneLine(line)}`)].join('\n'))
    documents.push(...lines.map((line) => quarantineJson(line) as object))
  }
  return { text: texts.join('\n'), document: { quarantine: documents } }
}

const lineText = (line: QuarantineLine): string => `${line.id}  ${placeOf(line)} (${line.kind}): ${line.reason}`

/** The records of these ids. Throws UsageFault where one is not there, or several businesses have one. */
const recordsNamed = async (job: Job, texts: readonly string[]): Promise<RecordAside[]> => {
  const ids = [...new Set(texts)].map((text) => {
    if (/^\d{1,18}$/.test(text)) return BigInt(text)
    throw new UsageFault(`${text}: expected the number of a record; \`tieout quarantine list\` shows them`)
  })
  const records: RecordAside[] = []
  for (const { id } of job.businesses) records.push(...(await recordsAside(job.database, id, ids)))
  for (const id of ids) {
    const owners = records.filter(({ quarantine_id }) => quarantine_id === id).map(({ business_id }) => business_id)
    checkOneOwner(job, String(id), owners)
  }
  const missing = ids.find((id) => !records.some(({ quarantine_id }) => quarantine_id === id))
  if (missing === undefined) return records
  throw new UsageFault(`${missing}: found no record of that number; \`tieout quarantine list\` shows them`)
}

interface Happened {
  event_number: bigint
  at: string
  actor: string
  kind: string
  from_state: string | null
  to_state: string | null
  note: string | null
}

const show = async (job: Job, records: readonly RecordAside[]): Promise<Result> => {
  const texts: string[] = []
  const documents: object[] = []
  for (const { business_id, quarantine_id, state } of records) {
    const [line] = await linesOf(job, business_id, [quarantine_id])
    if (!line) continue
    const asked = [business_id, subjectOf(quarantine_id)] as const
    const history = await run<Happened>(job.database, 'event/of_subject', asked)
    const happened = history.map(
      ({ at, actor, to_state, note }) => `  ${at}  ${oneLine(`${actor}: ${to_state} (${note ?? 'no note'})`)}`,
    )
    texts.push([`${oneLine(lineText(line))}\n  state: ${state}\n  found: ${oneLine(line.raw)}`, ...happened].join('\n'))
    const events = history.map(({ actor, from_state, to_state, ...event }) => ({
      ...event,
      ...{ by: actor, from: from_state, to: to_state },
    }))
    documents.push({ ...(quarantineJson(line) as object), state, history: events })
  }
  return { text: texts.join('\n'), document: { quarantine: documents } }
}

const decide = async (
  job: Job,
  action: 'accept' | 'dismiss',
  records: readonly RecordAside[],
  flags: QuarantineFlags,
): Promise<Result> => {
  const act = actOf(job, flags)
  if (action === 'dismiss' && act.note === null) {
    throw new UsageFault('quarantine dismiss: say with --note TEXT why the record does not matter')
  }
  for (const record of records) refuseRecord(action, record)
  const own = (id: string): RecordAside[] => records.filter(({ business_id }) => business_id === id)
  const businesses = job.businesses.filter(({ id }) => own(id).length > 0)
  return await overBusinesses(job, `tieout.quarantine-${action}/1`, businesses, async ({ id }, database) => {
    await database.transaction(async (db) => {
      for (const record of own(id)) await decideRecord(db, id, action, record, act)
    })
    const done = own(id).map((record) => `  ${record.quarantine_id}  ${oneLine(placeOf(record))}: ${DECIDED[action]}`)
    return {
      text: [...done, '  `tieout reconcile` makes up the figures'].join('\n'),
      document: { quarantine: own(id).map(({ quarantine_id }) => ({ id: quarantine_id, state: DECIDED[action] })) },
    }
  })
}
