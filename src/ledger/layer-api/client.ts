/** Layer's refunds API: both listings, and the two calls that create a refund. The only fetch of the product. */

import type { LayerConfig } from '../../config/config.ts'
import { LayerFault } from '../../core/errors.ts'
import { type Log, withoutSecrets } from '../../core/log.ts'
import { LayerFailure, mayHeal, refusal } from './failure.ts'
import { exchange, type HttpAnswer, type HttpRequest } from './http.ts'
import { BrokenListing, createElementSplitter, type Surroundings } from './json-elements.ts'
import {
  checkListing,
  cursorAfter,
  type ListingEnd,
  type ListingReader,
  type PageSink,
  walkListing,
} from './listing.ts'
import { type Ahead, askAhead } from './prefetch.ts'
import { LARGEST_REFUND } from './quarantined.ts'
import {
  type CreatedRefund,
  type InvoiceRefundRequest,
  readCreated,
  requireExternalId,
  type VendorRefundRequest,
} from './refund.ts'
import { createPatience, type LayerClock } from './retry.ts'
import { createTokenSource } from './token.ts'

export interface LayerClient {
  /** Refunds to customers. Never throws for what Layer does: an incomplete listing says so in its end. */
  listInvoiceRefunds(business_id: string, reader: ListingReader): Promise<ListingEnd>
  /** Refunds by vendors, likewise. */
  listVendorRefunds(business_id: string, reader: ListingReader): Promise<ListingEnd>
  /**
   * Refund dedicated to one invoice; with the external_id of an earlier one, that one comes back. Sent once: after a
   * LayerFailure that may heal, only the listing tells whether Layer made it.
   */
  createInvoiceRefund(business_id: string, invoice_id: string, refund: InvoiceRefundRequest): Promise<CreatedRefund>
  /** Refund of a bill, line item or payment; Layer computes the amount from the target. Sent once, likewise. */
  createVendorRefund(business_id: string, refund: VendorRefundRequest): Promise<CreatedRefund>
}

export interface LayerOptions {
  clock: LayerClock
  log: Log
  /** how long each attempt waits for the answer to begin; as many attempts as figures */
  first_byte_ms?: readonly number[]
  /** how long an answer may be silent */
  idle_ms?: number
  /** how long a listing may go on without a whole refund */
  fruitless_ms?: number
}

const FIRST_BYTE_MS = [10_000, 20_000, 40_000, 60_000]
const IDLE_MS = 30_000
/** A listing that trickles, a byte now and then, is not waited for: it holds the business's lock. */
const FRUITLESS_MS = 300_000
const AROUND_BYTES = 1024 * 1024
/** After a POST that failed, before anything is asked again. */
const POST_PAUSE_MS = 1_000
/** A limit's reset further away than this is not believed. */
const LONGEST_RESET_MS = 60_000

/** One client for all requests of a job: they share the token, the rate limit and the patience. */
export function createLayerClient(config: LayerConfig, options: LayerOptions): LayerClient {
  const { clock, log } = options
  const first_byte_ms = options.first_byte_ms ?? FIRST_BYTE_MS
  const idle_ms = options.idle_ms ?? IDLE_MS
  const fruitless_ms = options.fruitless_ms ?? FRUITLESS_MS
  if (config.auth === null) {
    throw new LayerFault(
      `no credentials for Layer: ${config.unset ?? 'set layer.token, or layer.client_id and client_secret, in tieout.yaml'}`,
    )
  }
  const patience = createPatience(clock, log, first_byte_ms.length)
  const send = (request: HttpRequest, attempt: number): Promise<HttpAnswer> =>
    exchange((url, init) => fetch(url, init), request, first_byte_ms[attempt - 1] ?? FIRST_BYTE_MS[0] ?? 0, idle_ms)
  const tokens = createTokenSource(config.auth, clock.now, send)

  const hide = (text: string): string => withoutSecrets(text, tokens.secrets())

  /** Layer's words may repeat what was sent: no secret leaves this file. */
  const clean = (error: unknown): unknown =>
    error instanceof LayerFailure ? new LayerFailure(hide(error.message), error) : error

  const persist = <T>(once: (attempt: number) => Promise<T>, most?: number): Promise<T> =>
    patience.persist(
      (attempt) =>
        once(attempt).catch((error: unknown) => {
          throw clean(error)
        }),
      most,
    )

  const noteLimit = (answer: HttpAnswer): void => {
    const remaining = answer.header('x-ratelimit-remaining')
    const reset = Number(answer.header('x-ratelimit-reset') ?? 'NaN') * 1000
    if (remaining === null || Number(remaining) > 0 || !(reset > clock.now())) return
    patience.holdUntil(Math.min(reset, clock.now() + LONGEST_RESET_MS))
  }

  /** One attempt: the token, the request, and once more with another token after a 401. Throws on every error status. */
  const attemptOnce = async (request: HttpRequest, attempt: number): Promise<HttpAnswer> => {
    const token = await tokens.current(attempt)
    let answer = await send(withToken(request, token), attempt)
    if (answer.status === 401) {
      const other = await tokens.renewed(token, attempt)
      if (other !== null) answer = await send(withToken(request, other), attempt)
    }
    noteLimit(answer)
    if (answer.status >= 200 && answer.status < 300) return answer
    throw refusal(request.what, answer.status, await answer.text(), retryAfter(answer, clock.now()), hide)
  }

  const requestTo = (method: 'GET' | 'POST', path: string): HttpRequest => ({
    what: `${method} ${path}`,
    method,
    url: `${config.base_url}${path}`,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
  })

  const pageRequest = (path: string, cursor: string | null): HttpRequest => {
    const request = requestTo('GET', path)
    if (cursor !== null) request.url += `?cursor=${encodeURIComponent(cursor)}`
    return request
  }

  const readPage = async (
    path: string,
    cursor: string | null,
    sink: PageSink,
    ahead: Ahead,
    wait: { since: number },
  ): Promise<Surroundings> => {
    const request = pageRequest(path, cursor)
    return await persist(async (attempt) => {
      const asked = attempt === 1 ? ahead.take(cursor) : null
      const answer = await (asked ?? attemptOnce(request, attempt))
      if (answer.status !== 200) {
        answer.cancel()
        const said = `${request.what}: Layer answered ${answer.status}, expected 200 with all of the page`
        throw new LayerFailure(said, { kind: 'broken', status: answer.status })
      }
      let begun = false
      try {
        const splitter = createElementSplitter({ element_bytes: LARGEST_REFUND, around_bytes: AROUND_BYTES })
        for await (const piece of answer.pieces()) {
          if (!begun) sink.begin()
          begun = true
          sink.piece(piece)
          const elements = splitter.push(piece)
          const taken = sink.take(elements)
          if (taken !== undefined) await taken
          if (elements.contents.length > 0) wait.since = performance.now()
          else if (performance.now() - wait.since > fruitless_ms) {
            const said = `${request.what}: no whole refund arrived for ${fruitless_ms / 1000} s, though the answer went on`
            throw new LayerFailure(said, { kind: 'no_answer', status: answer.status })
          }
        }
        const page = splitter.end()
        wait.since = performance.now()
        checkListing(request.what, page, hide)
        const next = cursorAfter(page)
        if (next !== null && !patience.holds()) await ahead.ask(next, () => attemptOnce(pageRequest(path, next), 1))
        await sink.settle()
        return page
      } catch (error) {
        ahead.drop()
        if (!(error instanceof BrokenListing)) throw error
        throw new LayerFailure(`${request.what}: ${error.message}`, { kind: 'broken', status: answer.status })
      }
    })
  }

  const list = async (business_id: string, kind: 'invoices' | 'bills', reader: ListingReader): Promise<ListingEnd> => {
    const path = `/v1/businesses/${encodeURIComponent(business_id)}/${kind}/refunds`
    const ahead = askAhead()
    const wait = { since: performance.now() }
    try {
      return await walkListing((cursor, sink) => readPage(path, cursor, sink, ahead, wait), reader)
    } finally {
      ahead.drop()
    }
  }

  const create = async (path: string, refund: { external_id: string }): Promise<CreatedRefund> => {
    requireExternalId(refund)
    const request = { ...requestTo('POST', path), body: JSON.stringify(refund) }
    const send_once = async (attempt: number): Promise<CreatedRefund> => {
      const answer = await attemptOnce(request, attempt)
      return readCreated(request.what, answer.status, await answer.text(), hide)
    }
    return await persist(send_once, 1).catch((error: unknown) => {
      // whoever reads the listing next, and sends it again, waits as long as Layer asks
      if (error instanceof LayerFailure && mayHeal(error)) {
        patience.holdUntil(clock.now() + Math.min(error.wait_ms ?? POST_PAUSE_MS, LONGEST_RESET_MS))
      }
      throw error
    })
  }

  return {
    listInvoiceRefunds: (business_id, reader) => list(business_id, 'invoices', reader),
    listVendorRefunds: (business_id, reader) => list(business_id, 'bills', reader),
    createInvoiceRefund: (business_id, invoice_id, refund) =>
      create(
        `/v1/businesses/${encodeURIComponent(business_id)}/invoices/${encodeURIComponent(invoice_id)}/refund`,
        refund,
      ),
    createVendorRefund: (business_id, refund) =>
      create(`/v1/businesses/${encodeURIComponent(business_id)}/bills/refunds`, refund),
  }
}

const withToken = (request: HttpRequest, token: string): HttpRequest => ({
  ...request,
  headers: { ...request.headers, authorization: `Bearer ${token}` },
})

/** What Retry-After says (seconds or a date), in milliseconds from now; null where it says nothing usable. */
function retryAfter(answer: Pick<HttpAnswer, 'header'>, now: number): number | null {
  const text = answer.header('retry-after')?.trim()
  if (text === undefined || text === '') return null
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000
  const date = Date.parse(text)
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}
