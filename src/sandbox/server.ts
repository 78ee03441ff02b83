/** A local Layer refunds API: the listings, the two calls that create a refund, and the token endpoint. */

import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { createAccess } from './access.ts'
import { ApiRefusal, errorBody, invalid, notFound } from './api-error.ts'
import { type Books, type BusinessBooks, openBooks, type RefundKind } from './books.ts'
import { createFaults, type FaultSettings } from './faults.ts'
import { type CreateContext, type Created, createInvoiceRefund } from './invoice-refund.ts'
import { type ListingSettings, listingBody, pageOf, typed } from './listing.ts'
import {
  type InvoiceRefundBody,
  invoiceRefundSchema,
  type VendorRefundBody,
  vendorRefundSchema,
} from './request-body.ts'
import type { Seed } from './seed.ts'
import { createVendorRefund } from './vendor-refund.ts'

export interface SandboxOptions {
  /** what the books hold at first: an object, or the path of a JSON file */
  seed: Seed | string
  /** on 127.0.0.1; 0: any free one */
  port: number
  /** a bearer token that is always good */
  token: string
  /** bare: arrays and objects as the API's pages show them. data: under `data`, in pages, errors under `errors` */
  mode?: 'bare' | 'data'
  page_size?: number
  /** mode bare gives the first page_size refunds and does not say that there are more */
  cut_silently?: boolean
  fault?: FaultSettings | null
  /** keeps the books in this file, and begins with it where it is there */
  persist?: string | null
  /** what the token endpoint takes */
  client?: { client_id: string; client_secret: string } | null
  token_seconds?: number
  requests_per_second?: number
  replay?: CreateContext['replay']
  now?: () => number
  new_id?: () => string
}

export interface Sandbox {
  url: string
  setFault(settings: FaultSettings | null): void
  close(): Promise<void>
}

const API = '/v1/businesses/:businessId'

/** Starts it; resolves when it listens. Throws UsageFault where the seed is none. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { mode = 'bare', now = Date.now, new_id = randomUUID, fault = null } = options
  const settings: ListingSettings = {
    mode,
    page_size: options.page_size ?? 100,
    cut_silently: options.cut_silently ?? false,
  }
  const books = await openBooks(options.seed, options.persist ?? null)
  const access = createAccess({
    token: options.token,
    client: options.client ?? null,
    token_seconds: options.token_seconds ?? 3600,
    requests_per_second: options.requests_per_second ?? 100,
    now,
    new_token: () => `sandbox-${new_id()}`,
  })
  const faults = createFaults(fault, (ms) => wait(ms))
  const app = Fastify({
    forceCloseConnections: true,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: true } },
  })
  answerErrors(app, mode)
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, new URLSearchParams(String(body))),
  )

  app.post('/oauth2/token', async (request, reply) => {
    const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams()
    const { status, body } = access.issue(request.headers.authorization, form)
    return await reply.code(status).send(body)
  })

  app.register(async (api) => {
    const cutting = new WeakSet<FastifyRequest>()
    const losing = new WeakSet<FastifyRequest>()

    api.addHook('onRequest', async (request, reply) => {
      const met = faults.meets(request.method, request.url)
      if (met === 'no-answer') return await new Promise<void>(() => undefined)
      if (met === 'slow') await faults.delay()
      if (met === 'server-error') throw new ApiRefusal(500, 'Unknown', null, 'Something went wrong.')
      if (met === 'expired-token') throw new ApiRefusal(401, 'AuthFailure', null, 'The access token has expired.')
      access.check(request.headers.authorization)
      reply.headers(access.spend())
      if (met === 'rate-limit') {
        throw new ApiRefusal(429, 'BadRequest', 'ManualRateLimit', 'Too many requests.', { 'retry-after': '1' })
      }
      if (met === 'cut-off') cutting.add(request)
      if (met === 'lost-answer') losing.add(request)
    })

    api.addHook('onSend', async (request, reply, payload: unknown) => {
      if (losing.has(request)) reply.raw.destroy()
      if (!cutting.has(request)) return payload
      const body =
        payload instanceof Readable
          ? Buffer.concat(await payload.map(Buffer.from).toArray())
          : Buffer.from(String(payload))
      return cutOff(reply, body)
    })

    listings(api, books, settings)
    creations(api, books, mode, (business) => ({
      business,
      new_id,
      now: new Date(now()).toISOString(),
      replay: options.replay ?? 'existing',
    }))
  })

  const url = await app.listen({ host: '127.0.0.1', port: options.port })
  return {
    url,
    setFault: (next) => faults.set(next),
    async close() {
      await app.close()
      await books.settled()
    },
  }
}

/** Every error is Layer's: bare in mode bare, in a list in mode data. */
function answerErrors(app: FastifyInstance, mode: 'bare' | 'data'): void {
  const send = (reply: FastifyReply, refusal: ApiRefusal): FastifyReply => {
    const body = errorBody(refusal)
    return reply
      .code(refusal.status)
      .headers(refusal.headers)
      .type('application/json')
      .send(JSON.stringify(mode === 'bare' ? body : { errors: [body] }))
  }
  app.setErrorHandler(async (error: Error & { validation?: unknown; statusCode?: number }, _request, reply) => {
    if (error instanceof ApiRefusal) return await send(reply, error)
    if (error.validation !== undefined) return await send(reply, invalid(`${error.message}.`))
    if ((error.statusCode ?? 500) >= 500)
      return await send(reply, new ApiRefusal(500, 'Unknown', null, 'Something went wrong.'))
    return await send(reply, new ApiRefusal(400, 'JsonSerialization', 'InvalidPayload', `${error.message}.`))
  })
  app.setNotFoundHandler(async (_request, reply) => await send(reply, notFound('There is nothing here.')))
}

function businessOf(books: Books, request: FastifyRequest): BusinessBooks {
  const { businessId } = request.params as { businessId: string }
  const business = books.business(businessId.toLowerCase())
  if (business === null) throw notFound('Business not found.')
  return business
}

function listings(api: FastifyInstance, books: Books, settings: ListingSettings): void {
  const list = (kind: RefundKind) => async (request: FastifyRequest, reply: FastifyReply) => {
    const business = businessOf(books, request)
    const query = new URL(request.url, 'http://localhost').searchParams
    const page = pageOf(business.refunds(kind), query, settings)
    return await reply.type('application/json').send(Readable.from(listingBody(kind, page, settings.mode)))
  }
  api.get(`${API}/invoices/refunds`, list('invoices'))
  api.get(`${API}/bills/refunds`, list('bills'))
}

function creations(
  api: FastifyInstance,
  books: Books,
  mode: 'bare' | 'data',
  contextOf: (business: BusinessBooks) => CreateContext,
): void {
  const send = async (reply: FastifyReply, kind: RefundKind, { status, entry }: Created): Promise<FastifyReply> => {
    await books.persist()
    const body = mode === 'bare' ? entry.json : `{"data":${typed(kind, entry.json)}}`
    return await reply.code(status).type('application/json').send(body)
  }
  api.post<{ Params: { invoiceId: string }; Body: InvoiceRefundBody }>(
    `${API}/invoices/:invoiceId/refund`,
    { schema: { body: invoiceRefundSchema } },
    async (request, reply) => {
      const context = contextOf(businessOf(books, request))
      return await send(reply, 'invoices', createInvoiceRefund(context, request.params.invoiceId, request.body))
    },
  )
  api.post<{ Body: VendorRefundBody }>(
    `${API}/bills/refunds`,
    { schema: { body: vendorRefundSchema } },
    async (request, reply) => {
      const context = contextOf(businessOf(books, request))
      return await send(reply, 'bills', createVendorRefund(context, request.body))
    },
  )
}

/** Announces the whole body, sends six tenths of it and breaks the connection. */
function cutOff(reply: FastifyReply, body: Buffer): Readable {
  reply.header('content-length', body.length)
  return Readable.from(
    (async function* () {
      yield body.subarray(0, Math.floor(body.length * 0.6))
      await wait(20)
      reply.raw.destroy()
    })(),
  )
}
