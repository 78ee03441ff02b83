/** A close as a file (`close MONTH --export FILE`), and its proof without a database (`tieout verify FILE`). Pure. */

import { canonicalJson } from '../../core/canonical-json.ts'
import { hashOf, type NewEvent } from '../events.ts'
import { CLOSE_SCHEMA, type Content, hashOfContent } from './content.ts'

/** The event that closed the month, as it stands in the chain. */
export interface SigningEvent extends Omit<NewEvent, 'details'> {
  event_number: bigint
  /** canonical JSON */
  details: string | null
  previous_hash: string
  hash: string
}

/** The signed content with its hash, and the event by which it was signed, which has a hash of its own. */
export const closeDocument = (content: Content, sha256: string, event: SigningEvent): object => {
  const { business_id, month, prepared_by, four_eyes, accept_open } = content
  return JSON.parse(
    canonicalJson({
      ...{ schema: CLOSE_SCHEMA, business_id, month, prepared_by, reviewed_by: four_eyes ? event.actor : null },
      ...{ closed_at: event.at, accept_open, sha256, event_number: event.event_number, event_hash: event.hash },
      ...{ content, event },
    }),
  ) as object
}

/** What a file says, and what of it does not hold; nothing wrong: it is as it was signed. */
export interface ProvedDocument {
  business: string
  month: string
  prepared_by: string
  reviewed_by: string | null
  closed_at: string
  sha256: string
  problems: string[]
}

type Loose = Record<string, unknown>
const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Proves a file by itself; null where it is no exported close. */
export const proveDocument = (text: string): ProvedDocument | null => {
  const document = parsed(text)
  if (!isObject(document) || document['schema'] !== CLOSE_SCHEMA) return null
  const { content, event } = document
  if (!isObject(content) || !isObject(event)) return null
  const problems: string[] = []
  const sha256 = hashOfContent(content)
  const { business_id, event_number, hash, previous_hash, details, ...fields } = { business_id: '', ...event } as Loose
  const event_hash = hashOf(
    String(content['business_id']),
    { ...fields, details: null } as unknown as NewEvent,
    details === null ? null : String(details),
    BigInt(Number(event_number) || 0),
    String(previous_hash),
  )
  if (event_hash !== hash) problems.push('the event that signed it is not as it was written: its hash is another')
  const signed = isObject(parsed(String(details))) ? (parsed(String(details)) as Loose)['sha256'] : null
  if (sha256 !== signed)
    problems.push(`the content is not what was signed: its hash is ${sha256}, and ${String(signed)} was signed`)
  const expected = closeDocument(content as unknown as Content, sha256, event as unknown as SigningEvent) as Loose
  for (const key of new Set([...Object.keys(document), ...Object.keys(expected)])) {
    if (canonicalJson(document[key] ?? null) !== canonicalJson(expected[key] ?? null))
      problems.push(
        `${key} is ${canonicalJson(document[key] ?? null)}, and the content says ${canonicalJson(expected[key] ?? null)}`,
      )
  }
  const business = isObject(content['business']) ? String(content['business']['name']) : ''
  const { month, prepared_by, reviewed_by, closed_at } = expected as Record<string, string>
  return {
    business,
    month: month ?? '',
    prepared_by: prepared_by ?? '',
    reviewed_by: reviewed_by ?? null,
    closed_at: closed_at ?? '',
    sha256,
    problems,
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
