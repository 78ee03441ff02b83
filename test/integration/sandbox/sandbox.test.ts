import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { LayerAuth } from '../../../src/config/config.ts'
import { createLayerClient } from '../../../src/ledger/layer-api/client.ts'
import type { ListingEnd } from '../../../src/ledger/layer-api/listing.ts'
import type { Fault } from '../../../src/sandbox/faults.ts'
import type { Seed } from '../../../src/sandbox/seed.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../src/sandbox/server.ts'
import { quiet } from '../../support/quiet.ts'

const BUSINESS = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'
const INVOICE = '11111111-1111-4111-8111-111111111111'

const refund = (number: number) => ({
  id: `r${String(number).padStart(4, '0')}`,
  refunded_amount: number,
  completed_at: `2026-10-${String(1 + (number % 31)).padStart(2, '0')}T12:00:00Z`,
  payments: [],
})

const seedOf = (refunds: number): Seed => ({
  businesses: [
    {
      id: BUSINESS,
      invoices: [{ id: INVOICE, payments: [{ id: 'p', amount: 5000 }] }],
      invoice_refunds: Array.from({ length: refunds }, (_, index) => refund(index + 1)),
    },
  ],
})

let sandbox: Sandbox
afterEach(() => sandbox.close())

const start = async (options: Partial<SandboxOptions> = {}) => {
  sandbox = await startSandbox({ seed: seedOf(250), port: 0, token: 'secret', ...options })
}

const clientOf = (auth: LayerAuth = { kind: 'token', token: 'secret' }) =>
  createLayerClient(
    { base_url: sandbox.url, auth },
    {
      clock: { now: Date.now, sleep: async () => undefined, random: () => 1 },
      log: quiet,
      first_byte_ms: [600, 600, 600, 600],
    },
  )

async function list(auth?: LayerAuth): Promise<ListingEnd & { ids: string[] }> {
  let texts: string[] = []
  const end = await clientOf(auth).listInvoiceRefunds(BUSINESS, {
    begin: (place) => {
      texts = texts.slice(0, place - 1)
    },
    take: (elements) => {
      texts.push(...elements.contents.map(String))
    },
    settle: async () => undefined,
  })
  return { ...end, ids: texts.map((text): string => JSON.parse(text).id) }
}

const request = { external_id: 're_1', completed_at: '2026-10-31T12:00:00Z', method: 'CREDIT_CARD' as const }

describe('the listing', () => {
  test('is the same in one array and in pages, in order of time', async () => {
    await start()
    const whole = await list()
    expect(whole).toMatchObject({ complete: true, pages: 1, maybe_cut: false })
    expect(whole.ids).toHaveLength(250)
    expect(whole.ids.slice(0, 2)).toEqual(['r0031', 'r0062'])
    await sandbox.close()
    await start({ mode: 'data' })
    expect(await list()).toMatchObject({ complete: true, pages: 3, ids: whole.ids })
  })

  test('cut silently at 100 looks complete but is marked', async () => {
    await start({ cut_silently: true })
    const found = await list()
    expect(found).toMatchObject({ complete: true, maybe_cut: true })
    expect(found.ids).toHaveLength(100)
  })

  test('a refund that comes in between two pages neither repeats nor hides another', async () => {
    await start({ mode: 'data', page_size: 200 })
    const ask = async (query: string) => {
      const response = await fetch(`${sandbox.url}/v1/businesses/${BUSINESS}/invoices/refunds${query}`, {
        headers: { authorization: 'Bearer secret' },
      })
      return (await response.json()) as { data: { id: string }[]; meta: { pagination: { cursor: string } } }
    }
    const first = await ask('')
    await clientOf().createInvoiceRefund(BUSINESS, INVOICE, { ...request, completed_at: '2026-10-01T00:00:00Z' })
    const second = await ask(`?cursor=${first.meta.pagination.cursor}`)
    expect(new Set([...first.data, ...second.data].map(({ id }) => id)).size).toBe(250)
  })

  test('can be filtered by external_id and dates', async () => {
    await start({ mode: 'data' })
    const ids = async (query: string) => {
      const url = `${sandbox.url}/v1/businesses/${BUSINESS}/invoices/refunds?${query}`
      const response = await fetch(url, { headers: { authorization: 'Bearer secret' } })
      const { data } = (await response.json()) as { data: { id: string }[] }
      return data.map(({ id }) => id)
    }
    await clientOf().createInvoiceRefund(BUSINESS, INVOICE, request)
    expect(await ids('external_id=re_1')).toHaveLength(1)
    expect(await ids('external_id=nothing')).toEqual([])
    const days = await ids('completed_at_start=2026-10-02T12:00:00Z&completed_at_end=2026-10-02T12:00:00Z&limit=1000')
    expect(days).toEqual(['r0001', 'r0032', 'r0063', 'r0094', 'r0125', 'r0156', 'r0187', 'r0218', 'r0249'])
  })
})

describe('faults on purpose', () => {
  test.each(['rate-limit', 'server-error', 'cut-off', 'no-answer', 'lost-answer'] satisfies Fault[])(
    '%s, twice: the listing heals; lasting: it is not complete',
    async (fault) => {
      await start()
      sandbox.setFault({ fault, count: 2, delay_ms: 0 })
      expect(await list()).toMatchObject({ complete: true })
      sandbox.setFault({ fault, count: Number.POSITIVE_INFINITY, delay_ms: 0 })
      expect(await list()).toMatchObject({ complete: false })
    },
  )

  test('slow is only slow', async () => {
    await start({ fault: { fault: 'slow', count: 1, delay_ms: 30 } })
    expect(await list()).toMatchObject({ complete: true })
  })

  test('an expired token is renewed with client credentials, and is the end with a plain one', async () => {
    const client = { client_id: 'id', client_secret: 'pw' }
    await start({ client, fault: { fault: 'expired-token', count: 1, delay_ms: 0 } })
    const auth: LayerAuth = { kind: 'client', ...client, token_url: `${sandbox.url}/oauth2/token`, scope: '' }
    expect(await list(auth)).toMatchObject({ complete: true })
    sandbox.setFault({ fault: 'expired-token', count: 1, delay_ms: 0 })
    expect(await list()).toMatchObject({ complete: false, problem: expect.stringContaining('401') })
  })

  test('a lost answer to a POST leaves exactly one refund when it is sent again', async () => {
    await start({ fault: { fault: 'lost-answer', count: 1, delay_ms: 0 } })
    const send = async () =>
      await clientOf().createInvoiceRefund(BUSINESS, INVOICE, { ...request, refunded_amount: 500 })
    await expect(send()).rejects.toThrow('no connection')
    sandbox.setFault(null)
    expect((await list()).ids).toHaveLength(251)
    expect(await send()).toMatchObject({ created: false, refund: { refunded_amount: 500 } })
    expect((await list()).ids).toHaveLength(251)
  })
})

test('the token endpoint takes the right client only, and its tokens expire', async () => {
  let now = Date.UTC(2026, 9, 31)
  await start({ client: { client_id: 'id', client_secret: 'pw' }, token_seconds: 60, now: () => now })
  const issue = async (user: string, body = 'grant_type=client_credentials') => {
    const response = await fetch(`${sandbox.url}/oauth2/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(user).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body,
    })
    return { status: response.status, ...((await response.json()) as { access_token?: string }) }
  }
  const listWith = async (token: string | undefined) =>
    (
      await fetch(`${sandbox.url}/v1/businesses/${BUSINESS}/invoices/refunds`, {
        headers: { authorization: `Bearer ${token}` },
      })
    ).status
  expect(await issue('id:wrong')).toMatchObject({ status: 401, error: 'invalid_client' })
  expect(await issue('id:pw', 'grant_type=password')).toMatchObject({ status: 400, error: 'unsupported_grant_type' })
  const issued = await issue('id:pw')
  expect(issued).toMatchObject({ status: 200, expires_in: 60, token_type: 'Bearer' })
  expect(await listWith(issued.access_token)).toBe(200)
  now += 61_000
  expect(await listWith(issued.access_token)).toBe(401)
})

test('the rate limit is a bucket that fills up every second, and says what is left', async () => {
  let now = Date.UTC(2026, 9, 31)
  await start({ requests_per_second: 2, now: () => now })
  const ask = async () => {
    const { status, headers } = await fetch(`${sandbox.url}/v1/businesses/${BUSINESS}/bills/refunds`, {
      headers: { authorization: 'Bearer secret' },
    })
    const header = (name: string) => headers.get(name)
    return [
      status,
      header('x-ratelimit-limit'),
      header('x-ratelimit-remaining'),
      header('x-ratelimit-reset'),
      header('retry-after'),
    ]
  }
  const reset = String(Date.UTC(2026, 9, 31) / 1000 + 1)
  expect(await ask()).toEqual([200, '2', '1', reset, null])
  expect(await ask()).toEqual([200, '2', '0', reset, null])
  expect(await ask()).toEqual([429, '2', '0', reset, '1'])
  now += 1000
  expect((await ask())[0]).toBe(200)
})

describe('the books', () => {
  test('are kept in a file over a restart, refunds created included', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tieout-sandbox-'))
    const persist = join(folder, 'books.json')
    try {
      await start({ persist })
      const { refund: created } = await clientOf().createInvoiceRefund(BUSINESS, INVOICE, request)
      await sandbox.close()
      await start({ persist, seed: { businesses: [] } })
      const found = await list()
      expect(found.ids).toHaveLength(251)
      expect(found.ids).toContain(created.id)
      expect(await clientOf().createInvoiceRefund(BUSINESS, INVOICE, request)).toMatchObject({ created: false })
      expect(JSON.parse(await readFile(persist, 'utf8')).businesses[0].invoice_refunds).toHaveLength(251)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('of a seed that is none are refused with the place of the fault', async () => {
    await start()
    const wrong = { businesses: [{ id: BUSINESS, invoices: [{ id: INVOICE, payments: [{ id: 'p', amount: 1.5 }] }] }] }
    await expect(startSandbox({ seed: wrong, port: 0, token: 'x' })).rejects.toThrow(
      /businesses\.0\.invoices\.0\.payments\.0\.amount/,
    )
    await expect(startSandbox({ seed: '/nowhere/seed.json', port: 0, token: 'x' })).rejects.toThrow(
      '/nowhere/seed.json',
    )
  })

  test('are served on this machine only', async () => {
    await start()
    expect(new URL(sandbox.url).hostname).toBe('127.0.0.1')
  })
})
