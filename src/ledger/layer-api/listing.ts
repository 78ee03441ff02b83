/** Walks a refund listing page by page, bare array or envelope, and says whether all of it arrived. */

import { createHash } from 'node:crypto'
import { apiErrors, describeAnswer, type Hide, LayerFailure } from './failure.ts'
import { BrokenListing, type Elements, type Surroundings } from './json-elements.ts'
import { describeValue, isObject } from './value.ts'

/** Takes a listing as it arrives. */
export interface ListingReader {
  /**
   * What follows begins with the refund at this place of the listing (from 1). Refunds taken before at this place
   * or a later one are void: a page is being read again, or the whole listing.
   */
  begin(place: number): void
  /** Throws BrokenListing where a refund is no JSON. */
  take(elements: Elements): void | Promise<void>
  /** A page is over: returns when all that was taken is worked on. Throws as take does. `read`: of all pages so far. */
  settle(read: BytesRead): Promise<void>
}

/** Of bodies that count, in order. */
export interface BytesRead {
  bytes: bigint
  sha256: string
}

export interface ListingEnd extends BytesRead {
  /** the whole listing arrived and parsed */
  complete: boolean
  /** why it is not complete */
  problem: string | null
  /** as many refunds as the server may give at once, and no word on whether there are more */
  maybe_cut: boolean
  pages: number
  /** the SHA-256 of the bodies up to the end of each page */
  page_ends: readonly string[]
}

/** Takes the body of one page. */
export interface PageSink {
  begin(): void
  piece(bytes: Buffer): void
  take(elements: Elements): void | Promise<void>
  settle(): Promise<void>
}

/** Reads one page with retries; each attempt whose body arrives calls begin() first. Throws LayerFailure. */
export type PageRead = (cursor: string | null, sink: PageSink) => Promise<Surroundings>

/** A listing without paging gives this many at once, if Layer cuts it. */
const PAGE_OF_LAYER = 100
/** Pages in a row without a refund, or with just those of an earlier page, after which the walk is going nowhere. */
const FRUITLESS_PAGES = 100

/** What comes after a page: a cursor, or null at the end. Throws BrokenListing where the page says neither. */
function nextCursor(page: Surroundings): { cursor: string | null; maybe_cut: boolean } {
  if (page.shape === 'array') return { cursor: null, maybe_cut: page.elements === PAGE_OF_LAYER }
  const meta = isObject(page.around) ? page.around['meta'] : undefined
  const pagination = isObject(meta) ? meta['pagination'] : undefined
  if (pagination === undefined || pagination === null) {
    return { cursor: null, maybe_cut: page.elements === PAGE_OF_LAYER }
  }
  const more = isObject(pagination) ? pagination['has_more'] : undefined
  if (!isObject(pagination) || typeof more !== 'boolean') {
    throw new BrokenListing(`meta.pagination.has_more: found ${describeValue(more)}, expected true or false`)
  }
  if (!more) return { cursor: null, maybe_cut: false }
  const cursor = pagination['cursor']
  if (typeof cursor !== 'string' || cursor === '') {
    throw new BrokenListing(
      `meta.pagination.cursor: found ${describeValue(cursor)}, expected a text, since has_more is true`,
    )
  }
  return { cursor, maybe_cut: false }
}

/** The cursor of the page after this one; null where there is none, or where the page does not say so properly. */
export function cursorAfter(page: Surroundings): string | null {
  try {
    return nextCursor(page).cursor
  } catch {
    return null
  }
}

/** Errors in place of refunds, or something that is no listing. Throws LayerFailure or BrokenListing. */
export function checkListing(what: string, page: Surroundings, hide: Hide): void {
  const errors = isObject(page.around) && Array.isArray(page.around['errors']) ? page.around['errors'] : []
  if (errors.length > 0) {
    const api_errors = apiErrors(page.around, hide)
    throw new LayerFailure(`${what}: Layer answered with errors, ${describeAnswer(api_errors, '')}`, {
      kind: 'refused',
      api_errors,
    })
  }
  const list = page.shape === 'array' ? page.around : isObject(page.around) ? page.around['data'] : undefined
  if (!page.listed || !Array.isArray(list) || list.length > 0) {
    throw new BrokenListing(`data: found ${describeValue(list)}, expected one list of refunds`)
  }
}

const isCursorRefused = (error: LayerFailure): boolean =>
  error.api_errors.some(
    ({ type, error_enum }) => type === 'PaginationCursor' || error_enum === 'InvalidPaginationCursor',
  )

/** Tells pages apart by little of them: to hash all would take as long as to read them. */
const digestOf = ({ taken, first = Buffer.of(), last = Buffer.of() }: Page): string =>
  createHash('sha256').update(`${taken} ${first.length} `).update(first).update(last).digest('base64')

interface Page {
  taken: number
  first?: Buffer | undefined
  last?: Buffer | undefined
}

/** Walks the listing to its end. Layer's failures become `problem`; what arrived until then has been taken. */
export async function walkListing(readPage: PageRead, reader: ListingReader): Promise<ListingEnd> {
  const start = () => ({ place: 1, page_ends: [] as string[], bytes: 0n, sha: createHash('sha256') })
  let walk = start()
  const startPage = () => ({
    taken: 0,
    bytes: 0n,
    sha: walk.sha.copy(),
    first: undefined as Buffer | undefined,
    last: undefined as Buffer | undefined,
  })
  let running = startPage()
  /** of each page: how many refunds it has, the first and the last of them, as a digest */
  let pages = new Set<string>()
  let seen = new Set<string>()
  let cursor: string | null = null
  let fruitless = 0
  let restart: 'possible' | 'due' | 'done' = 'possible'
  const bytesRead = (): BytesRead => ({
    bytes: walk.bytes + running.bytes,
    sha256: running.sha.copy().digest('hex'),
  })
  const end = (problem: string | null, maybe_cut: boolean): ListingEnd => ({
    complete: problem === null,
    problem,
    maybe_cut,
    pages: walk.page_ends.length,
    page_ends: walk.page_ends,
    ...bytesRead(),
  })
  const sink: PageSink = {
    begin() {
      if (restart === 'due') {
        walk = start()
        restart = 'done'
      }
      running = startPage()
      reader.begin(walk.place)
    },
    piece(bytes) {
      running.bytes += BigInt(bytes.length)
      running.sha.update(bytes)
    },
    take(elements) {
      running.taken += elements.contents.length
      running.first ??= elements.contents[0]
      running.last = elements.contents.at(-1) ?? running.last
      return reader.take(elements)
    },
    settle: () => reader.settle(bytesRead()),
  }
  for (;;) {
    try {
      const page: Surroundings = await readPage(cursor, sink)
      walk.page_ends.push(bytesRead().sha256)
      walk.place += running.taken
      walk.bytes += running.bytes
      walk.sha = running.sha
      const refunds = digestOf(running)
      fruitless = running.taken === 0 || pages.has(refunds) ? fruitless + 1 : 0
      pages.add(refunds)
      running = startPage()
      const next = nextCursor(page)
      if (next.cursor === null) return end(null, next.maybe_cut)
      if (seen.has(next.cursor))
        return end(`page ${walk.page_ends.length} names a cursor that an earlier page named already`, false)
      if (fruitless >= FRUITLESS_PAGES)
        return end(
          `the last ${fruitless} pages held no refund that earlier ones did not, and still there are more`,
          false,
        )
      seen.add(next.cursor)
      cursor = next.cursor
    } catch (error) {
      if (error instanceof BrokenListing) return end(error.message, false)
      if (!(error instanceof LayerFailure)) throw error
      if (cursor === null || restart !== 'possible' || !isCursorRefused(error)) return end(error.message, false)
      restart = 'due'
      cursor = null
      seen = new Set()
      pages = new Set()
      fruitless = 0
    }
  }
}
