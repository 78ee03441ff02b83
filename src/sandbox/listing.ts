/** A page of a refund listing: filters, cursor, and the body as a stream. */

import { ApiRefusal } from './api-error.ts'
import type { Entry, RefundKind } from './books.ts'

export interface ListingSettings {
  /** bare: one array, as the page of the listing shows it. data: {data, meta} with cursors */
  mode: 'bare' | 'data'
  /** of mode data, where the request does not say */
  page_size: number
  /** bare: gives the first page alone and does not say so, as Layer may do */
  cut_silently: boolean
}

const LONGEST_PAGE = 1000
const FILTERS = ['external_id', 'completed_at_start', 'completed_at_end'] as const
const PAGING = ['cursor', 'limit'] as const

const badParam = (name: string, description: string): ApiRefusal =>
  new ApiRefusal(400, 'BadRequest', 'QueryParamFormat', `${name}: ${description}`)

/** The entries of one page, and the cursor of the next. */
export function pageOf(
  entries: readonly Entry[],
  query: URLSearchParams,
  settings: ListingSettings,
): { entries: readonly Entry[]; cursor: string | null } {
  const known: readonly string[] = settings.mode === 'data' ? [...FILTERS, ...PAGING] : FILTERS
  for (const name of query.keys()) {
    if (known.includes(name)) continue
    throw new ApiRefusal(400, 'BadRequest', 'UnexpectedQueryParam', `There is no query parameter ${name} here.`)
  }
  const chosen = filtered(entries, query)
  if (settings.mode === 'bare') {
    return { entries: settings.cut_silently ? chosen.slice(0, settings.page_size) : chosen, cursor: null }
  }
  const limit = limitOf(query, settings.page_size)
  const from = afterCursor(chosen, query.get('cursor'))
  const page = chosen.slice(from, from + limit)
  const last = page.at(-1)
  return { entries: page, cursor: last !== undefined && from + limit < chosen.length ? cursorOf(last) : null }
}

function filtered(entries: readonly Entry[], query: URLSearchParams): readonly Entry[] {
  const external_id = query.get('external_id')
  const start = instantOf(query, 'completed_at_start')
  const end = instantOf(query, 'completed_at_end')
  if (external_id === null && start === null && end === null) return entries
  return entries.filter(
    (entry) =>
      (external_id === null || entry.external_id === external_id) &&
      (start === null || entry.sorted_at >= start) &&
      (end === null || entry.sorted_at <= end),
  )
}

function instantOf(query: URLSearchParams, name: string): string | null {
  const value = query.get(name)
  if (value === null) return null
  const millis = Date.parse(value)
  if (Number.isNaN(millis)) throw badParam(name, 'expected a date or time (ISO 8601).')
  return new Date(millis).toISOString()
}

function limitOf(query: URLSearchParams, fallback: number): number {
  const value = query.get('limit')
  if (value === null) return fallback
  const limit = Number(value)
  if (Number.isInteger(limit) && limit >= 1 && limit <= LONGEST_PAGE) return limit
  throw badParam('limit', `expected a number from 1 to ${LONGEST_PAGE}.`)
}

/** A cursor names the last refund of a page, so that refunds that come in between move nothing. */
const cursorOf = (entry: Entry): string =>
  Buffer.from(JSON.stringify([entry.sorted_at, entry.id])).toString('base64url')

function afterCursor(entries: readonly Entry[], cursor: string | null): number {
  if (cursor === null) return 0
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(place) && typeof place[0] === 'string' && typeof place[1] === 'string') {
      return firstBehind(entries, place[0], place[1])
    }
  } catch {
    // refused below, like any other text that is no cursor
  }
  throw new ApiRefusal(400, 'PaginationCursor', 'InvalidPaginationCursor', 'This cursor is not valid.')
}

/** The index of the first entry behind a place; found by halving, since a million refunds are a thousand pages. */
function firstBehind(entries: readonly Entry[], at: string, id: string): number {
  let [low, high] = [0, entries.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const entry = entries[middle]
    const behind = entry === undefined || entry.sorted_at > at || (entry.sorted_at === at && entry.id > id)
    if (behind) high = middle
    else low = middle + 1
  }
  return low
}

/** In mode data every object says what it is, first. */
export const typed = (kind: RefundKind, json: string): string =>
  `{"type":"${kind === 'invoices' ? 'Customer_Refund' : 'Vendor_Refund'}"${json === '{}' ? '' : ','}${json.slice(1)}`

const PIECE = 64 * 1024

/** The body of a listing in pieces of about 64 KB. */
export function* listingBody(
  kind: RefundKind,
  page: { entries: readonly Entry[]; cursor: string | null },
  mode: 'bare' | 'data',
): Generator<string> {
  let piece = mode === 'bare' ? '[' : '{"data":['
  for (const [index, { json }] of page.entries.entries()) {
    piece += `${index === 0 ? '' : ','}${mode === 'bare' ? json : typed(kind, json)}`
    if (piece.length < PIECE) continue
    yield piece
    piece = ''
  }
  const pagination = { cursor: page.cursor, has_more: page.cursor !== null }
  yield piece + (mode === 'bare' ? ']' : `],"meta":{"pagination":${JSON.stringify(pagination)}}}`)
}
