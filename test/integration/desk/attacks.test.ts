/** What the desk refuses: who is not signed in, who is somebody else, what another site sends, and what is no address of it. */

import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withBusinessLock } from '../../../src/database/locks.ts'
import { accessOf } from '../../../src/desk/access.ts'
import { listFindings } from '../../../src/review/list-findings.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { type OpenDesk, openDesk, PEOPLE } from '../../support/desk.ts'
import { type Nights, openNights } from '../../support/nights.ts'
import { quiet } from '../../support/quiet.ts'

/** Ends an element, an attribute, a style; clears a screen; turns the writing; breaks a line. */
const WILD = `"><script>alert(1)</script><img src=x onerror=alert(1)>'\u001b[2J\u202e`

let database: FreshDatabase
let nights: Nights
let desk: OpenDesk
let first: string
let business: string

beforeAll(async () => {
  database = await freshDatabase()
  nights = await openNights(database)
  await nights.night({
    customer: [
      {
        ...{ id: `refund ${WILD}`, refunded_amount: 7100, status: WILD, completed_at: '2026-11-05T12:00:00Z' },
        ...{ external_id: `external ${WILD}`, reference_number: `number ${WILD}`, customer: { name: WILD } },
        payments: [
          {
            ...{ id: `leg ${WILD}`, refunded_amount: 7100, processor: 'STRIPE', method: 'CREDIT_CARD' },
            ...{ completed_at: '2026-11-05T12:00:00Z', external_id: `payment ${WILD}` },
          },
        ],
      },
    ],
    stripe: [
      't1,Refund,re_1,ch_1,,-45.00,0.00,USD,2026-11-10 12:00:00',
      `"t2 ${WILD.replaceAll('"', '""')}",Refund,"re_2 ${WILD.replaceAll('"', '""')}","ch_2 ${WILD.replaceAll('"', '""')}","order ${WILD.replaceAll('"', '""')}",-46.00,0.00,USD,2026-11-10 12:00:00`,
    ],
  })
  await listFindings(database, nights.business.id)
  desk = await openDesk(database, [nights.business])
  business = `/b/${nights.business.id}`
  const [found] = await database.query<{ discrepancy_id: string }>(
    `select discrepancy_id from discrepancy where business_id = $1 and size = 4500`,
    [nights.business.id],
  )
  first = found?.discrepancy_id ?? ''
})
afterAll(async () => {
  await desk.close()
  await database.close()
})

const decisions = async (): Promise<number> => (await database.query(`select from event where actor <> 'run'`)).length

/** The form of an item as the page shows it. */
const itemForm = async (cookie: string, at: OpenDesk = desk): Promise<Record<string, string>> => {
  const { text } = await at.send({ path: `${business}/item/${first}`, headers: { cookie } })
  const field = (name: string): string => new RegExp(`name="${name}" value="([^"]+)"`).exec(text)?.[1] ?? ''
  return { csrf: field('csrf'), taken: field('taken'), action: 'comment', note: 'x' }
}

describe('who is not signed in', () => {
  it('sees no page and decides nothing', async () => {
    for (const path of ['/', business, `${business}/2026-11`, `${business}/item/${first}`, `${business}/quarantine`]) {
      const { status, text } = await desk.send({ path })
      expect([path, status]).toEqual([path, 401])
      expect(text).not.toContain('Harbor Coffee')
    }
    const posted = await desk.send({ path: `${business}/item/${first}`, form: { action: 'acknowledge' } })
    expect(posted.status).toBe(401)
    const forged = await desk.send({ path: '/', headers: { cookie: `tieout_desk_${desk.port}=${'A'.repeat(43)}` } })
    expect(forged.status).toBe(401)
    expect(await decisions()).toBe(0)
  })

  it('may use a link once, and the cookie is for this site alone and no script', async () => {
    const path = new URL(desk.links.find(({ name }) => name === 'Rae')?.url ?? '').pathname
    const prefetched = await desk.send({ path, headers: { 'sec-purpose': 'prefetch' } })
    expect([prefetched.status, prefetched.headers['set-cookie']]).toEqual([503, undefined])
    const used = await desk.send({ path })
    expect([used.status, used.headers['location']]).toEqual([303, '/'])
    expect(String(used.headers['set-cookie'])).toMatch(
      /^tieout_desk_\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    const again = await desk.send({ path })
    expect([again.status, again.headers['set-cookie']]).toEqual([403, undefined])
    expect((await desk.send({ path: '/sign-in/nothing' })).status).toBe(403)
    const cookie = String(used.headers['set-cookie']).split(';')[0] ?? ''
    expect((await desk.send({ path: '/', headers: { cookie } })).status).toBe(200)
    const out = await desk.send({ path: '/sign-out', headers: { cookie }, form: { csrf: await desk.csrf(cookie) } })
    expect(out.status).toBe(200)
    expect((await desk.send({ path: '/', headers: { cookie } })).status).toBe(401)
  })
})

describe('who is signed in', () => {
  let ada: string
  let bob: string
  beforeAll(async () => {
    ada = await desk.signIn('Ada')
    bob = await desk.signIn('Bob')
  })

  it("decides with the token of their own session, not with another's, and not without", async () => {
    const before = await decisions()
    const form = await itemForm(ada)
    const path = `${business}/item/${first}`
    const { csrf: _own, ...bare } = form
    for (const csrf of [await desk.csrf(bob), '', 'x']) {
      expect((await desk.send({ path, headers: { cookie: ada }, form: { ...bare, csrf } })).status).toBe(403)
    }
    expect((await desk.send({ path, headers: { cookie: ada }, form: bare })).status).toBe(403)
    expect(await decisions()).toBe(before)
    const done = await desk.send({ path, headers: { cookie: ada, origin: `http://127.0.0.1:${desk.port}` }, form })
    expect([done.status, done.headers['location']]).toEqual([303, path])
    expect(await decisions()).toBe(before + 1)
  })

  it('is not acted for by another site', async () => {
    const before = await decisions()
    const form = await itemForm(ada)
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `http://localhost:${desk.port}` },
      { origin: `https://127.0.0.1:${desk.port}` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: `http://127.0.0.1:${desk.port}` },
    ]) {
      const { status } = await desk.send({
        path: `${business}/item/${first}`,
        headers: { cookie: ada, ...headers },
        form,
      })
      expect([headers, status]).toEqual([headers, 403])
    }
    expect(await decisions()).toBe(before)
  })

  it('is not reached under a name that comes to mean this machine', async () => {
    for (const host of [
      'evil.example',
      `evil.example:${desk.port}`,
      '127.0.0.1',
      '127.0.0.1:1',
      `127.0.0.1.evil.example:${desk.port}`,
    ]) {
      for (const path of ['/', '/desk.css', `${business}/2026-11`]) {
        const { status, text } = await desk.send({ path, headers: { cookie: ada, host } })
        expect([host, path, status]).toEqual([host, path, 421])
        expect(text).not.toContain('Harbor Coffee')
      }
    }
    const local = await desk.send({ path: '/', headers: { cookie: ada, host: `localhost:${desk.port}` } })
    expect(local.status).toBe(200)
  })

  it('is whom the session says, whatever header says otherwise', async () => {
    const headers = { cookie: ada, 'x-forwarded-user': 'Bob', 'x-tieout-proxy-secret': '' }
    expect((await desk.send({ path: '/', headers })).text).toContain('Ada')
  })

  it('reads and decides nothing as a reader', async () => {
    const reading = await openDesk(database, [nights.business])
    const rae = await reading.signIn('Rae')
    const before = await decisions()
    const page = await reading.send({ path: `${business}/item/${first}`, headers: { cookie: rae } })
    expect(page.status).toBe(200)
    expect(page.text).not.toContain('data-deed')
    const csrf = await reading.csrf(rae)
    const { taken } = await itemForm(ada)
    for (const path of [
      'decide',
      `item/${first}`,
      `item/${first}/match`,
      `item/${first}/unmatch`,
      `item/${first}/propose`,
      `item/${first}/correction`,
      'quarantine/1/accept',
      'quarantine/1/dismiss',
      'rulings/1/forget',
      '2026-11/close',
    ]) {
      const form = { csrf, action: 'acknowledge', taken: taken ?? '', item: taken ?? '' }
      const { status } = await reading.send({ path: `${business}/${path}`, headers: { cookie: rae }, form })
      expect([path, status]).toEqual([path, path === '2026-11/close' ? expect.any(Number) : 403])
      expect(status).toBeGreaterThanOrEqual(400)
    }
    expect(await decisions()).toBe(before)
    await reading.close()
  })

  it('finds no page under an address that is none of the desk', async () => {
    const other = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7aff'
    for (const path of [
      ...[
        '/b/x',
        `/b/${other}`,
        `/b/${other}/2026-11`,
        `/b/${other}/item/${first}`,
        `${business}/2026-13`,
        `${business}/..`,
      ],
      ...[
        `${business}/item/x`,
        `${business}/item/%00`,
        `${business}/item/..%2f..%2fetc%2fpasswd`,
        `${business}/item/${first}'--`,
      ],
      ...[
        '/desk.css/..%2f..%2fpackage.json',
        '/..%2f..%2fpackage.json',
        '//etc/passwd',
        '/src/desk/server.ts',
        '/page.css',
      ],
      ...[`${business}/2026-11/refunds`, `${business}/nothing`, '/sign-in'],
    ]) {
      const { status, text } = await desk.send({ path, headers: { cookie: ada } })
      expect([path, status]).toEqual([path, expect.any(Number)])
      expect(status, path).toBeGreaterThanOrEqual(400)
      expect(status, path).toBeLessThan(500)
      expect(text).not.toContain('"dependencies"')
    }
    for (const query of [
      `after='; drop table event--_x`,
      'after=1_%27%3b',
      `q=${'x'.repeat(5000)}`,
      'show=constructor&state=__proto__',
      'age=1%3b',
      'code=X',
      'new=1',
    ]) {
      const { status } = await desk.send({
        path: `${business}/2026-11?${query.replaceAll(' ', '%20')}`,
        headers: { cookie: ada },
      })
      expect([query, status]).toEqual([query, 200])
    }
  })

  it('is sent no script of either side: each text stands as text, and what is hidden in it is written out', async () => {
    const pages = [
      `${business}/2026-11`,
      `${business}/2026-11?q=${encodeURIComponent(WILD)}`,
      `/?q=${encodeURIComponent(WILD)}`,
    ]
    for (const side of ['ledger', 'processor']) {
      pages.push(`${business}/2026-11/refunds?processor=STRIPE&side=${side}`)
    }
    pages.push(
      `${business}/look-up?q=${encodeURIComponent(WILD)}`,
      `${business}/2026-11/tie-out`,
      `${business}/quarantine`,
    )
    const found = await database.query<{ discrepancy_id: string }>('select discrepancy_id from discrepancy')
    for (const { discrepancy_id: id } of found) pages.push(`${business}/item/${id}`, `${business}/why?id=${id}`)
    expect(found.length).toBeGreaterThanOrEqual(3)
    let shown = 0
    for (const path of pages) {
      const { status, text, headers } = await desk.send({ path, headers: { cookie: ada } })
      expect([path, status]).toEqual([path, 200])
      expect(text).not.toMatch(/<script>alert|<img/)
      expect([text.includes('\u001b'), text.includes('\u202e')]).toEqual([false, false])
      if (text.includes('&lt;script&gt;alert(1)&lt;/script&gt;')) shown += 1
      expect(headers['content-security-policy']).toContain("default-src 'none'")
      expect(headers['content-security-policy']).not.toContain('unsafe')
      expect(headers['x-content-type-options']).toBe('nosniff')
      const tags = text.replaceAll(/"[^"]*"/g, '""').match(/<[^>]*>/g) ?? []
      expect(tags.filter((tag) => /^<script(?! src="" defer>)|\s(?:style|on\w+)=/.test(tag))).toEqual([])
      expect(text).not.toMatch(/(?:src|href|action)="(?!\/|#main")/)
    }
    expect(shown).toBeGreaterThanOrEqual(6)
  })

  it('sends forms only, of no more than a megabyte', async () => {
    const path = `${business}/item/${first}`
    const json = await desk.send({ path, method: 'POST', headers: { cookie: ada, 'content-type': 'application/json' } })
    expect(json.status).toBe(415)
    const large = await desk.send({ path, headers: { cookie: ada }, form: { note: 'x'.repeat(1_100_000) } })
    expect(large.status).toBe(413)
  })
})

describe('behind a proxy', () => {
  const named = { trusted_user_header: 'x-user', proxy_secret: 'proxy-secret' }

  it('believes the name only of the proxy that says its secret, and only of people it knows', async () => {
    const behind = await openDesk(database, [nights.business], named)
    expect(behind.links).toEqual([])
    const as = (headers: Record<string, string>) => behind.send({ path: '/', headers })
    expect((await as({ 'x-user': 'Ada' })).status).toBe(403)
    expect((await as({ 'x-user': 'Ada', 'x-tieout-proxy-secret': 'proxy-secrex' })).status).toBe(403)
    expect((await as({ 'x-user': 'Mallory', 'x-tieout-proxy-secret': 'proxy-secret' })).status).toBe(403)
    expect((await as({ 'x-tieout-proxy-secret': 'proxy-secret' })).status).toBe(403)
    const good = await as({ 'x-user': ' ada ', 'x-tieout-proxy-secret': 'proxy-secret', host: 'desk.example' })
    expect([good.status, good.text]).toEqual([200, expect.stringContaining('Ada')])
    const cookie = String(good.headers['set-cookie']).split(';')[0] ?? ''
    // the session is of one person: another's name begins another one
    const bob = await as({ 'x-user': 'Bob', 'x-tieout-proxy-secret': 'proxy-secret', cookie })
    expect(bob.text).toContain('Bob')
    expect(String(bob.headers['set-cookie'])).not.toContain(cookie)
    // and a session without the proxy's word is none
    expect((await as({ cookie })).status).toBe(403)
    await behind.close()
  })

  it('listens on a socket that only its user and group may write to', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tieout-desk-'))
    const listen = join(folder, 'desk.sock')
    const behind = await openDesk(database, [nights.business], { listen, trusted_user_header: 'x-user' })
    expect(statSync(listen).mode & 0o777).toBe(0o660)
    expect((await behind.send({ path: '/', headers: { 'x-user': 'Ada' } })).status).toBe(200)
    expect((await behind.send({ path: '/', headers: {} })).status).toBe(403)
    await behind.close()
    rmSync(folder, { recursive: true })
  })

  it('refuses to start where anybody could name themselves', () => {
    const desk_of = (given: object) => ({
      desk: { port: 0, listen: '127.0.0.1', trusted_user_header: null, proxy_secret: null, ...given },
      people: PEOPLE,
    })
    const header = { trusted_user_header: 'x-user' }
    expect(() => accessOf(desk_of(header), 0)).toThrow('anybody could send it')
    expect(() => accessOf(desk_of({ listen: '0.0.0.0' }), 0)).toThrow('expected 127.0.0.1')
    expect(() => accessOf(desk_of({ listen: '/run/desk.sock' }), 0)).toThrow('expected 127.0.0.1')
    const unset = 'tieout.yaml:9:1: desk.proxy_secret: PROXY_SECRET is not set in the environment'
    expect(() => accessOf(desk_of({ ...header, listen: '/run/desk.sock', unset }), 0)).toThrow(unset)
    expect(() => accessOf({ ...desk_of({ ...header, proxy_secret: 's' }), people: [] }, 0)).toThrow('found nobody')
  })
})

it('a decision while a night works on the business waits, then says so, and nothing is written', async () => {
  const own = await openDesk(database, [nights.business])
  const cookie = await own.signIn('Ada')
  const form = await itemForm(cookie, own)
  const before = await decisions()
  const told = await withBusinessLock(database, nights.business, quiet, async () => {
    const { status, text } = await own.send({ path: `${business}/item/${first}`, headers: { cookie }, form })
    return { status, text }
  })
  expect(told.status).toBe(409)
  expect(told.text).toContain('another run has been at work on it')
  expect(await decisions()).toBe(before)
  await own.close()
}, 30_000)
