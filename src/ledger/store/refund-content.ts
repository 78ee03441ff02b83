/** The contents of refunds as Layer sent them: many in a compressed page, from which they are picked again. */

import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress, constants } from 'node:zlib'
import type { Db } from '../../database/connect.ts'
import { count, run } from '../../database/statement.ts'

/** A page as ledger_page keeps it. */
export interface Page {
  page_no: number
  /** how many contents it holds */
  refunds: number
  codec: string
  raw: Buffer
}

/** Where the content of a refund or of an earlier version of it lies. */
export interface ContentPointer {
  content_pull_id: bigint
  content_page: number
  content_place: number
}

/** The record separator of JSON text sequences (RFC 7464): no JSON text holds it, since strings escape it. */
const SEPARATOR = '\u001e'
const CODEC = 'brotli'
/** Quality 1: smaller and in less time than gzip's fastest (docs/decisions/0007-refunds-in-pages.md). */
const FASTEST = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }
/** Pages fetched and decompressed together. */
const PAGES_AT_ONCE = 50

const compress = promisify(brotliCompress)
const decompress = promisify(brotliDecompress)

/** Makes a page of contents, off the main thread. */
export async function packPage(page_no: number, contents: readonly string[]): Promise<Page> {
  const raw = await compress(contents.join(SEPARATOR), FASTEST)
  return { page_no, refunds: contents.length, codec: CODEC, raw }
}

async function unpackPage({ codec, raw }: Pick<Page, 'codec' | 'raw'>): Promise<string[]> {
  if (codec !== CODEC) throw new Error(`a page of refunds is packed with ${codec}, which this version does not read`)
  return (await decompress(raw)).toString('utf8').split(SEPARATOR)
}

interface FetchedPage extends Pick<Page, 'page_no' | 'codec' | 'raw'> {
  pull_id: bigint
}

const keyOf = (pull_id: bigint, page_no: number): string => `${pull_id}/${page_no}`

/** Gives each of these with its content, page by page. Throws where a page is not there. */
export async function* contentsOf<T extends ContentPointer>(
  db: Db,
  business_id: string,
  refunds: readonly T[],
): AsyncGenerator<{ refund: T; content: string }> {
  const byPage = new Map<string, T[]>()
  for (const refund of refunds) {
    const key = keyOf(refund.content_pull_id, refund.content_page)
    const others = byPage.get(key)
    if (others === undefined) byPage.set(key, [refund])
    else others.push(refund)
  }
  const groups = [...byPage.values()]
  for (let at = 0; at < groups.length; at += PAGES_AT_ONCE) {
    const wanted = groups.slice(at, at + PAGES_AT_ONCE)
    const firsts = wanted.flatMap(([first]) => first ?? [])
    const pages = await run<FetchedPage>(db, 'pull/pages', [
      business_id,
      firsts.map(({ content_pull_id }) => content_pull_id),
      firsts.map(({ content_page }) => content_page),
    ])
    const fetched = new Map(pages.map((page) => [keyOf(page.pull_id, page.page_no), page]))
    for (const group of wanted) {
      const [first] = group
      const page = first && fetched.get(keyOf(first.content_pull_id, first.content_page))
      const contents = page === undefined ? [] : await unpackPage(page)
      for (const refund of group) {
        const content = contents[refund.content_place]
        if (content === undefined) {
          const { content_pull_id, content_page, content_place } = refund
          throw new Error(`no content at place ${content_place} of page ${content_page} of pull ${content_pull_id}`)
        }
        yield { refund, content }
      }
    }
  }
}

/**
 * Rewrites the contents of a business: all that may hold details of people, or with `before` those of pulls before that
 * instant, which then hold none any more. Each keeps its place. Gives how many `change` changed.
 */
export async function rewritePages(
  db: Db,
  business_id: string,
  before: string | null,
  change: (content: string) => string,
): Promise<number> {
  let changed = 0
  let last = { pull_id: 0n, page_no: -1 }
  for (;;) {
    const pages = await run<FetchedPage>(db, 'pull/pages_after', [business_id, last.pull_id, last.page_no, before])
    for (const page of pages) {
      const contents = await unpackPage(page)
      const rewritten = contents.map(change)
      const differing = rewritten.filter((content, index) => content !== contents[index]).length
      changed += differing
      last = page
      if (differing === 0 && before === null) continue
      const { codec, raw } = await packPage(page.page_no, rewritten)
      await count(db, 'pull/rewrite_page', [business_id, page.pull_id, page.page_no, codec, raw, before !== null])
    }
    if (pages.length === 0) return changed
  }
}
