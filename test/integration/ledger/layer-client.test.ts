import { afterEach, describe, expect, test } from 'vitest'
import type { LayerAuth } from '../../../src/config/config.ts'
import { createLog } from '../../../src/core/log.ts'
import { createLayerClient } from '../../../src/ledger/layer-api/client.ts'
import { LayerFailure } from '../../../src/ledger/layer-api/failure.ts'
import { BrokenListing } from '../../../src/ledger/layer-api/json-elements.ts'
import type { ListingEnd } from '../../../src/ledger/layer-api/listing.ts'
import { until } from '../../support/until.ts'
import { type Answer, type Asked, type FaultServer, startFaultServer } from './fault-server.ts'

const BUSINESS = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'
const INVOICES = `/v1/businesses/${BUSINESS}/invoices/refunds`
const TOKEN = 'token-that-nobody-may-see'

let server: FaultServer
afterEach(() => server.close())

/** A client of a server that answers so; its pauses take no time and are written down. */
async function clientOf(answer: (asked: Asked) => Answer, auth: LayerAuth = { kind: 'token', token: TOKEN }) {
  server = await startFaultServer(answer)
  const lines: string[] = []
  const log = createLog({ level: 'debug', pretty: false }, { write: (line) => lines.push(line) })
  const clock = {
    millis: Date.UTC(2026, 9, 31),
    pauses: [] as number[],
    now: () => clock.millis,
    random: () => 1,
    async sleep(ms: number) {
      clock.pauses.push(ms)
      clock.millis += ms
    },
  }
  const withUrl = auth.kind === 'client' ? { ...auth, token_url: `${server.base_url}/oauth2/token` } : auth
  const client = createLayerClient(
    { base_url: server.base_url, auth: withUrl },
    { clock, log, first_byte_ms: [600, 600, 600, 600], idle_ms: 600, fruitless_ms: 400 },
  )
  return { client, clock, lines }
}

/** Lists the customer refunds: what stands at the end, with what counts of what was read. */
async function list(answer: (asked: Asked) => Answer, auth?: LayerAuth) {
  const { client, clock, lines } = await clientOf(answer, auth)
  let texts: string[] = []
  const end: ListingEnd = await client.listInvoiceRefunds(BUSINESS, {
    begin: (place) => {
      texts = texts.slice(0, place - 1)
    },
    take: (elements) => {
      texts.push(...elements.contents.map(String))
    },
    settle: async () => undefined,
  })
  return { ...end, texts, clock, output: `${lines.join('')}${end.problem ?? ''}` }
}

const refunds = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ id: `r${from + index}`, refunded_amount: 100 }))
const texts = (from: number, to: number) => refunds(from, to).map((refund) => JSON.stringify(refund))
const page = (content: object[], cursor: string | null) => ({
  body: { data: content, meta: { pagination: { cursor, has_more: cursor !== null } } },
})
const cursorOf = (asked: Asked) => new URL(asked.url, 'http://layer').searchParams.get('cursor')

describe('a listing', () => {
  test('arrives whole as one bare array, asked for with the bearer token', async () => {
    const found = await list(() => ({ body: refunds(1, 3) }))
    expect(found).toMatchObject({ complete: true, problem: null, maybe_cut: false, pages: 1, texts: texts(1, 3) })
    expect(found.bytes).toBe(BigInt(JSON.stringify(refunds(1, 3)).length))
    expect(server.asked).toMatchObject([
      { method: 'GET', url: INVOICES, headers: { authorization: `Bearer ${TOKEN}`, accept: 'application/json' } },
    ])
  })

  test('arrives page by page, following the cursor as it was given', async () => {
    const found = await list((asked) => {
      if (cursorOf(asked) === null) return page(refunds(1, 2), 'a b&c=')
      if (cursorOf(asked) === 'a b&c=') return page(refunds(3, 4), 'last')
      return page(refunds(5, 5), null)
    })
    expect(found).toMatchObject({ complete: true, pages: 3, texts: texts(1, 5) })
  })

  test('of exactly 100 refunds in a bare array may have been cut by the server; of 99 or 101 not', async () => {
    expect(await list(() => ({ body: refunds(1, 100) }))).toMatchObject({ complete: true, maybe_cut: true })
    await server.close()
    expect(await list(() => ({ body: refunds(1, 99) }))).toMatchObject({ complete: true, maybe_cut: false })
    await server.close()
    expect(await list(() => ({ body: refunds(1, 101) }))).toMatchObject({ complete: true, maybe_cut: false })
    await server.close()
    expect(await list(() => page(refunds(1, 100), null))).toMatchObject({ complete: true, maybe_cut: false })
    await server.close()
    expect(await list(() => ({ body: { data: refunds(1, 100) } }))).toMatchObject({ complete: true, maybe_cut: true })
  })

  test.each([
    ['a repeated cursor', (): Answer => page(refunds(1, 2), 'again'), 'names a cursor that an earlier page named'],
    [
      'more to come but no cursor',
      (): Answer => ({ body: { data: refunds(1, 2), meta: { pagination: { cursor: null, has_more: true } } } }),
      'meta.pagination.cursor: found null, expected a text',
    ],
    [
      'no word whether there is more',
      (): Answer => ({ body: { data: refunds(1, 2), meta: { pagination: { cursor: 'x' } } } }),
      'meta.pagination.has_more: found nothing, expected true or false',
    ],
  ])('with %s is not complete, and keeps what arrived', async (_name, answer, problem) => {
    const found = await list(answer)
    expect(found).toMatchObject({ complete: false, problem: expect.stringContaining(problem) })
    expect(found.texts.slice(0, 2)).toEqual(texts(1, 2))
  })

  test('whose cursor is refused is read from the first page again, once', async () => {
    const refused = { status: 400, body: { type: 'PaginationCursor', description: 'expired' } }
    const healed = await list((asked) => {
      if (cursorOf(asked) === null) return page(refunds(1, 2), `next${asked.count}`)
      return cursorOf(asked) === 'next1' ? refused : page(refunds(3, 3), null)
    })
    expect(healed).toMatchObject({ complete: true, pages: 2, texts: texts(1, 3) })
    await server.close()
    const lasting = await list((asked) =>
      cursorOf(asked) === null ? page(refunds(1, 2), `next${asked.count}`) : refused,
    )
    expect(lasting).toMatchObject({ complete: false, problem: expect.stringContaining('PaginationCursor: expired') })
    expect(lasting.texts).toEqual(texts(1, 2))
  })

  test('that goes on for ever without a whole refund is given up, and keeps what arrived', async () => {
    const found = await list(() => ({ body: `[${texts(1, 2).join(',')},{"id": "r3",`, fault: 'trickle' }))
    expect(found).toMatchObject({ complete: false, texts: texts(1, 2) })
    expect(found.problem).toContain('no whole refund arrived for 0.4 s, though the answer went on')
    expect(server.asked).toHaveLength(4)
  })

  test('whose error goes on for ever is told by what arrived of it', async () => {
    const found = await list((asked) =>
      asked.count > 1 ? { body: refunds(1, 1) } : { status: 503, body: 'Down. ', fault: 'trickle' },
    )
    expect(found).toMatchObject({ complete: true, texts: texts(1, 1) })
    expect(found.output).toContain('Layer answered 503, Down.')
  })

  test.each([
    ['no refund', () => []],
    ['the same refunds', () => refunds(1, 3)],
    ['refunds of the first ten pages', (number: number) => refunds(3 * (number % 10) + 1, 3 * (number % 10) + 3)],
  ])('whose pages go on for ever with new cursors and %s is given up after a hundred', async (_what, of) => {
    const number = (asked: Asked) => Number(cursorOf(asked) ?? '0')
    const found = await list((asked) => page(of(number(asked)), String(number(asked) + 1)))
    expect(found).toMatchObject({ complete: false })
    expect(found.problem).toContain('the last 100 pages held no refund that earlier ones did not')
    expect(found.pages).toBeLessThan(112)
  })

  test('of many pages is read to its end, though some come twice', async () => {
    const number = (asked: Asked) => Number(cursorOf(asked) ?? '0')
    const found = await list((asked) => {
      const n = number(asked)
      return page(refunds(n % 3 === 0 ? 1 : n, n % 3 === 0 ? 1 : n), n < 130 ? String(n + 1) : null)
    })
    expect(found).toMatchObject({ complete: true, problem: null, pages: 131 })
  })

  test('of which only a part comes (206) is not complete, and nothing of it is taken', async () => {
    expect(await list(() => ({ status: 206, body: refunds(1, 2) }))).toMatchObject({
      complete: false,
      problem: expect.stringContaining('Layer answered 206, expected 200 with all of the page'),
      texts: [],
    })
  })

  test.each([
    ['500', (): Answer => ({ status: 500, body: { type: 'Unknown', description: 'Something went wrong.' } })],
    ['no answer', (): Answer => ({ fault: 'none' })],
    ['an answer that falls silent', (): Answer => ({ body: '[{"id":"r1"', fault: 'stall' })],
    ['an answer that breaks off', (): Answer => ({ body: '[{"id":"r1"},', fault: 'cut' })],
    ['a body shorter than announced', (): Answer => ({ body: '[{"id":"r1"}]', headers: { 'content-length': '99' } })],
    ['JSON that stops in the middle', (): Answer => ({ body: '[{"id":"r1"}, {"id' })],
    ['a page of a proxy', (): Answer => ({ body: '<html>busy</html>' })],
    ['a part of it (206)', (): Answer => ({ status: 206, body: '[{"id":"r1"}]' })],
  ])('heals after two failures with %s', async (_name, fault) => {
    const found = await list((asked) => (asked.count <= 2 ? fault() : { body: refunds(1, 2) }))
    expect(found).toMatchObject({ complete: true, problem: null, texts: texts(1, 2) })
    expect(server.asked).toHaveLength(3)
    expect(found.clock.pauses).toEqual([1000, 2000])
  })

  test('that goes on breaking off is not complete after four attempts, and keeps what arrived', async () => {
    const body = `[${texts(1, 2).join(',')},{"id"`
    const found = await list(() => ({ body, fault: 'cut' }))
    expect(server.asked).toHaveLength(4)
    expect(found).toMatchObject({ complete: false, texts: texts(1, 2), bytes: BigInt(body.length), pages: 0 })
    expect(found.problem).toMatch(/broke off after \d+ bytes .* \(given up after 4 attempts\)/)
  })

  test('that fails on a later page keeps the earlier pages and drops what the broken attempts had brought', async () => {
    const found = await list((asked) => {
      if (cursorOf(asked) === null) return page(refunds(1, 2), 'second')
      if (asked.count === 1) return { body: `{"data":[${texts(3, 4).join(',')},`, fault: 'cut' }
      return page(refunds(3, 3), null)
    })
    expect(found).toMatchObject({ complete: true, pages: 2, texts: texts(1, 3) })
  })

  test('has its next page put together while the last one is worked on', async () => {
    const { client } = await clientOf((asked) => {
      const number = Number(cursorOf(asked) ?? '1')
      return page(refunds(number, number), number < 3 ? String(number + 1) : null)
    })
    const asked_before_done: number[] = []
    const end = await client.listInvoiceRefunds(BUSINESS, {
      begin: () => undefined,
      take: () => undefined,
      async settle() {
        const done = asked_before_done.length + 1
        await until(() => server.asked.length > done || done === 3)
        asked_before_done.push(server.asked.length)
      },
    })
    expect(end).toMatchObject({ complete: true, pages: 3 })
    expect(asked_before_done).toEqual([2, 3, 3])
  })

  test('of which a page cannot be taken is read again from there, whatever was asked for ahead', async () => {
    const { client } = await clientOf((asked) => {
      if (cursorOf(asked) === null) return page(refunds(1, 1), `second${asked.count}`)
      return page(refunds(2, 2), null)
    })
    const begun: number[] = []
    const end = await client.listInvoiceRefunds(BUSINESS, {
      begin: (place) => void begun.push(place),
      take: () => undefined,
      async settle() {
        if (begun.length === 1) throw new BrokenListing('the refund at byte 9 of the answer is not JSON')
      },
    })
    expect(end).toMatchObject({ complete: true, pages: 2 })
    expect(begun).toEqual([1, 1, 2])
    expect(server.asked.map(cursorOf).filter((cursor) => cursor === 'second2')).toHaveLength(1)
  })

  test('whose next page fails when asked for ahead asks for it again, like for any other', async () => {
    const found = await list((asked) => {
      if (cursorOf(asked) === null) return page(refunds(1, 1), 'next')
      return asked.count <= 2 ? { status: 500, body: {} } : page(refunds(2, 2), null)
    })
    expect(found).toMatchObject({ complete: true, texts: texts(1, 2) })
    expect(found.clock.pauses).toEqual([1000, 2000])
  })

  test('waits as long as Layer asks, in seconds or as a date', async () => {
    const found = await list((asked) => {
      if (asked.count === 1) return { status: 429, headers: { 'retry-after': '7' } }
      if (asked.count === 2) return { status: 503, headers: { 'retry-after': 'Sat, 31 Oct 2026 00:00:19 GMT' } }
      return { body: [] }
    })
    expect(found.complete).toBe(true)
    expect(found.clock.pauses).toEqual([7000, 12_000])
  })

  test('waits for the rate limit to be filled up before it asks for the next page', async () => {
    const reset = String(Date.UTC(2026, 9, 31, 0, 0, 3) / 1000)
    const found = await list((asked) =>
      cursorOf(asked) === null
        ? { ...page(refunds(1, 1), 'next'), headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset } }
        : page(refunds(2, 2), null),
    )
    expect(found).toMatchObject({ complete: true, texts: texts(1, 2) })
    expect(found.clock.pauses).toEqual([3000])
    expect(server.asked).toHaveLength(2)
  })

  test.each([
    [401, 'AuthFailure'],
    [403, 'AuthFailure'],
    [404, 'ResourceNotFound'],
    [400, 'BadRequest'],
  ])('that Layer refuses with %i is asked for once', async (status, type) => {
    const found = await list(() => ({ status, body: { errors: [{ type, description: 'No.' }] } }))
    expect(found).toMatchObject({
      complete: false,
      problem: expect.stringContaining(`answered ${status}, ${type}: No`),
    })
    expect(server.asked).toHaveLength(1)
  })

  test('that is errors in a 200 is refused', async () => {
    const found = await list(() => ({ body: { errors: [{ type: 'InvalidState', description: 'Busy migrating.' }] } }))
    expect(found.problem).toContain('Layer answered with errors, InvalidState: Busy migrating')
    expect(server.asked).toHaveLength(1)
  })

  test('is not fetched from another host, nor the token shown there', async () => {
    const other = await startFaultServer(() => ({ body: refunds(1, 1) }))
    const found = await list(() => ({ status: 302, headers: { location: `${other.base_url}${INVOICES}` } }))
    expect(found.problem).toContain('which is not followed')
    expect(other.asked).toEqual([])
    await other.close()
    await server.close()
    const own = await list((asked) =>
      asked.url === '/elsewhere' ? { body: refunds(1, 1) } : { status: 307, headers: { location: '/elsewhere' } },
    )
    expect(own).toMatchObject({ complete: true, texts: texts(1, 1) })
  })

  test('never shows the token, not even where Layer repeats it', async () => {
    const answers: Answer[] = [
      { status: 500, body: { type: 'Unknown', description: `bad Bearer ${TOKEN}` } },
      { status: 401, body: `who is ${TOKEN}?` },
    ]
    const found = await list((asked) => answers[asked.count - 1] ?? {})
    expect(found.complete).toBe(false)
    expect(found.output).toContain('[secret]')
    expect(found.output).not.toContain(TOKEN)
  })

  test.each([
    ['a page that is cut in the token', { status: 503, body: `${'x'.repeat(105)} ${TOKEN}` }],
    ['errors in a 200', { body: { errors: [{ type: 'Unknown', description: `${'x'.repeat(280)} ${TOKEN}` }] } }],
    ['a page of 64 KB of markup that ends in the token', { status: 503, body: `${'<br/>'.repeat(13_105)}${TOKEN}` }],
  ])('shows no part of the token of %s', async (_what, answer) => {
    const found = await list(() => answer)
    expect(found.problem).toContain('Layer answered')
    expect(found.output).not.toContain(TOKEN.slice(0, 6))
  })

  test('is not even asked for with a token that no header may hold', async () => {
    const found = await list(() => ({ body: [] }), { kind: 'token', token: `${TOKEN}\n` })
    expect(found.problem).toContain('layer.token is empty or holds characters that no header may hold')
    expect(found.output).not.toContain(TOKEN)
    expect(server.asked).toEqual([])
  })

  test('of a Layer that is not there ends without an answer', async () => {
    const { client } = await clientOf(() => ({}))
    await server.close()
    const end = await client.listVendorRefunds(BUSINESS, {
      begin: () => undefined,
      take: () => undefined,
      settle: async () => undefined,
    })
    expect(end).toMatchObject({
      complete: false,
      problem: expect.stringMatching(/no connection: nothing listens there \(ECONNREFUSED\)/),
    })
  })
})

describe('client credentials', () => {
  const SECRET = 'secret-that-nobody-may-see'
  const credentials: LayerAuth = {
    kind: 'client',
    client_id: 'id',
    client_secret: SECRET,
    token_url: '',
    scope: 'https://sandbox.layerfi.com/sandbox',
  }
  const token = (asked: Asked, expires_in = 3600): Answer => ({
    body: { access_token: `t${asked.count}`, expires_in, token_type: 'Bearer' },
  })

  test('are exchanged for a token once, with HTTP Basic and the scope', async () => {
    const found = await list((asked) => (asked.url === '/oauth2/token' ? token(asked) : { body: [] }), credentials)
    expect(found.complete).toBe(true)
    expect(server.asked[0]).toMatchObject({
      method: 'POST',
      body: 'grant_type=client_credentials&client_id=id&scope=https%3A%2F%2Fsandbox.layerfi.com%2Fsandbox',
      headers: { authorization: `Basic ${Buffer.from(`id:${SECRET}`).toString('base64')}` },
    })
    expect(server.asked[1]?.headers.authorization).toBe('Bearer t1')
  })

  test('give another token when 80 % of the life of the last one is over', async () => {
    const { client, clock } = await clientOf(
      (asked) => (asked.url === '/oauth2/token' ? token(asked, 100) : { body: [] }),
      credentials,
    )
    const reader = { begin: () => undefined, take: () => undefined, settle: async () => undefined }
    const tokens: (string | undefined)[] = []
    for (const seconds of [0, 79, 2]) {
      clock.millis += seconds * 1000
      await client.listInvoiceRefunds(BUSINESS, reader)
      tokens.push(server.asked.at(-1)?.headers.authorization)
    }
    expect(tokens).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t2'])
  })

  test('give another token once after a 401, and both listings share it', async () => {
    const { client } = await clientOf((asked) => {
      if (asked.url === '/oauth2/token') return token(asked)
      return asked.headers.authorization === 'Bearer t2' ? { body: [] } : { status: 401 }
    }, credentials)
    const reader = { begin: () => undefined, take: () => undefined, settle: async () => undefined }
    const ends = await Promise.all([
      client.listInvoiceRefunds(BUSINESS, reader),
      client.listVendorRefunds(BUSINESS, reader),
    ])
    expect(ends.map(({ complete }) => complete)).toEqual([true, true])
    expect(server.asked.filter(({ url }) => url === '/oauth2/token')).toHaveLength(2)
  })

  test('that are refused say so without showing them', async () => {
    const found = await list(() => ({ status: 400, body: { error: 'invalid_client' } }), credentials)
    expect(found.problem).toContain('answered 400 (invalid_client); check layer.client_id')
    expect(found.output).not.toContain(SECRET)
    expect(server.asked).toHaveLength(1)
  })

  test('are asked for again when the token endpoint fails for a moment', async () => {
    const found = await list((asked) => {
      if (asked.url !== '/oauth2/token') return { body: [] }
      return asked.count <= 2 ? { status: 502 } : token(asked)
    }, credentials)
    expect(found.complete).toBe(true)
  })
})

describe('a refund created in Layer', () => {
  const created = {
    id: 'r1',
    external_id: 're_1',
    refunded_amount: 1250,
    status: 'PAID',
    allocations: [],
    payments: [],
  }
  const request = { external_id: 're_1', completed_at: '2026-10-31T12:00:00Z', method: 'CREDIT_CARD' as const }

  test.each([
    [201, true],
    [200, false],
  ])('status %i: created %s', async (status, isNew) => {
    const { client } = await clientOf(() => ({ status, body: created }))
    const answer = await client.createInvoiceRefund(BUSINESS, 'inv 1', { ...request, refunded_amount: 1250 })
    expect(answer).toMatchObject({ created: isNew, refund: { id: 'r1', refunded_amount: 1250 } })
    expect(server.asked).toMatchObject([
      {
        method: 'POST',
        url: `/v1/businesses/${BUSINESS}/invoices/inv%201/refund`,
        body: JSON.stringify({ ...request, refunded_amount: 1250 }),
        headers: { 'content-type': 'application/json' },
      },
    ])
  })

  test('may come back in an envelope', async () => {
    const { client } = await clientOf(() => ({ body: { data: { type: 'Vendor_Refund', ...created } } }))
    const answer = await client.createVendorRefund(BUSINESS, { ...request, bill_external_id: 'B-1' })
    expect(answer).toMatchObject({ created: false, refund: { id: 'r1' } })
    expect(server.asked[0]?.url).toBe(`/v1/businesses/${BUSINESS}/bills/refunds`)
  })

  test.each<[string, Answer]>([
    ['a lost answer', { fault: 'none' }],
    ['an answer cut off', { body: '{"id": "r1"', fault: 'cut' }],
    ['a 500', { status: 500, body: 'Internal Server Error' }],
    ['a 429', { status: 429, headers: { 'retry-after': '7' }, body: 'slow down' }],
  ])('is sent once, and not again after %s: the listing is to be read before', async (_what, answer) => {
    const { client } = await clientOf(() => answer)
    const failure = await client.createInvoiceRefund(BUSINESS, 'i', request).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(LayerFailure)
    expect(server.asked.map(({ body }) => JSON.parse(body).external_id)).toEqual(['re_1'])
  })

  test('is never sent without an external_id', async () => {
    const { client } = await clientOf(() => ({ body: created }))
    await expect(client.createInvoiceRefund(BUSINESS, 'i', { ...request, external_id: ' ' })).rejects.toThrow(
      'only with an external_id',
    )
    expect(server.asked).toEqual([])
  })

  test.each([
    [400, 'InvalidParameters', 'InvalidEffectiveDate'],
    [400, 'InvalidState', 'PeriodIsClosed'],
    [404, 'ResourceNotFound', 'InvoiceNotFound'],
    [409, 'Conflict', 'ExternalIdConflict'],
  ])('is refused with %i %s %s, once and with its words', async (status, type, error_enum) => {
    const { client } = await clientOf(() => ({ status, body: { type, description: 'No.', error_enum } }))
    const failure = await client.createInvoiceRefund(BUSINESS, 'i', request).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(LayerFailure)
    expect(failure).toMatchObject({ kind: 'refused', status, api_errors: [{ type, error_enum }] })
    expect(server.asked).toHaveLength(1)
  })

  test('that does not come back as a refund is not taken for one', async () => {
    const { client } = await clientOf(() => ({ status: 201, body: { ...created, refunded_amount: '12.50' } }))
    const failure = await client.createInvoiceRefund(BUSINESS, 'i', request).catch((error: unknown) => error)
    expect(failure).toMatchObject({ kind: 'broken', message: expect.stringContaining('refunded_amount') })
  })
})
