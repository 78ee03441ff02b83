/** One HTTP exchange with Layer: time limits, redirects, and every way it can break, as LayerFailure. */

import { LayerFailure } from './failure.ts'

export interface HttpRequest {
  /** names the request in messages: 'GET /v1/businesses/.../invoices/refunds' */
  what: string
  method: 'GET' | 'POST'
  url: string
  headers: Readonly<Record<string, string>>
  body?: string
}

/** fetch, or what stands in for it. */
export type Send = (url: string, init: RequestInit) => Promise<Response>

export interface HttpAnswer {
  status: number
  header(name: string): string | null
  /** The body piece by piece; LayerFailure where it breaks off or falls silent. Stop early and it is cancelled. */
  pieces(): AsyncGenerator<Buffer>
  /** The body; of one of more than 64 KB, or that takes longer than two silences, the beginning. */
  text(): Promise<string>
  /** For an answer that nobody reads: its body is not waited for. */
  cancel(): void
}

const LONGEST_ERROR = 64 * 1024
/** What is left out at the end of a longer body, where a token may be cut in two. */
const LONGEST_TOKEN = 16 * 1024
const MOST_REDIRECTS = 3

const causeCode = (error: unknown): string | null => {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code
  }
  return null
}

const NO_CONNECTION: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the host name cannot be resolved just now',
  ECONNRESET: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
}

const bracketed = (code: string | null): string => (code === null ? '' : ` (${code})`)

/** ': nothing listens there (ECONNREFUSED)'; '' where the cause has no code: its name says nothing to a person. */
const causeText = (error: unknown): string => {
  const code = causeCode(error)
  const known = NO_CONNECTION[code ?? '']
  return `${known === undefined ? '' : `: ${known}`}${bracketed(code)}`
}

/** Sends one request. `first_byte_ms` ends the wait for an answer, `idle_ms` a silence within it. */
export async function exchange(
  send: Send,
  request: HttpRequest,
  first_byte_ms: number,
  idle_ms: number,
): Promise<HttpAnswer> {
  const abort = new AbortController()
  let url = new URL(request.url)
  for (let redirects = 0; ; redirects++) {
    const response = await ask(send, { ...request, url: url.href }, abort, first_byte_ms)
    const to = response.headers.get('location')
    if (response.status < 300 || response.status > 399 || to === null)
      return answerOf(request, response, abort, idle_ms)
    await response.body?.cancel()
    const target = URL.canParse(to, url.href) ? new URL(to, url.href) : null
    if (request.method !== 'GET' || redirects >= MOST_REDIRECTS || target?.origin !== url.origin) {
      const where = target?.host ?? 'somewhere unreadable'
      throw new LayerFailure(
        `${request.what}: the answer is a redirect to ${where}, which is not followed; check layer.base_url in tieout.yaml`,
        { kind: 'refused', status: response.status },
      )
    }
    url = target
  }
}

async function ask(send: Send, request: HttpRequest, abort: AbortController, first_byte_ms: number): Promise<Response> {
  const timer = setTimeout(() => abort.abort(), first_byte_ms)
  try {
    return await send(request.url, {
      method: request.method,
      headers: request.headers,
      ...(request.body === undefined ? {} : { body: request.body }),
      redirect: 'manual',
      signal: abort.signal,
    })
  } catch (error) {
    const place = `${request.what} at ${new URL(request.url).host}`
    // A message of fetch itself may quote a header, so only its code is passed on.
    throw new LayerFailure(
      abort.signal.aborted
        ? `${place}: no answer within ${first_byte_ms / 1000} s`
        : `${place}: no connection${causeText(error)}; check the network, and layer.base_url in tieout.yaml`,
      { kind: 'no_answer' },
    )
  } finally {
    clearTimeout(timer)
  }
}

function answerOf(request: HttpRequest, response: Response, abort: AbortController, idle_ms: number): HttpAnswer {
  async function* pieces(): AsyncGenerator<Buffer> {
    if (response.body === null) return
    const reader = response.body.getReader()
    let reading = true // while what arrived is being worked on, silence is ours
    let silent = false
    let received = 0
    const timer = setTimeout(() => {
      if (!reading) return
      silent = true
      abort.abort()
    }, idle_ms)
    try {
      for (;;) {
        reading = true
        timer.refresh()
        const { done, value } = await reader.read()
        reading = false
        if (done) return
        received += value.byteLength
        yield Buffer.from(value.buffer, value.byteOffset, value.byteLength)
      }
    } catch (error) {
      if (error instanceof LayerFailure) throw error
      throw new LayerFailure(
        silent
          ? `${request.what}: the answer fell silent for ${idle_ms / 1000} s after ${received} bytes`
          : `${request.what}: the answer broke off after ${received} bytes${bracketed(causeCode(error))}`,
        { kind: silent ? 'no_answer' : 'broken', status: response.status },
      )
    } finally {
      clearTimeout(timer)
      await reader.cancel().catch(() => undefined)
    }
  }

  const text = async (): Promise<string> => {
    const kept: Buffer[] = []
    const deadline = performance.now() + 2 * idle_ms
    let bytes = 0
    for await (const piece of pieces()) {
      kept.push(piece)
      bytes += piece.length
      if (bytes > LONGEST_ERROR || performance.now() > deadline) break
    }
    const kept_bytes = bytes > LONGEST_ERROR ? LONGEST_ERROR - LONGEST_TOKEN : bytes
    return Buffer.concat(kept).subarray(0, kept_bytes).toString('utf8')
  }

  const { status, headers } = response
  return { status, header: (name) => headers.get(name), pieces, text, cancel: () => abort.abort() }
}
