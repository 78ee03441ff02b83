/** Secrets and people's details are planted everywhere they may come from, and looked for everywhere they may go to. */

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliDecompress, gunzipSync, inflateRawSync } from 'node:zlib'
import { strFromU8, unzipSync } from 'fflate'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Built, buildSource } from '../support/built.ts'
import type { Ended } from '../support/command.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { FIRST, type Harbor, listing, openHarbor, SECOND, settled, TOKEN } from '../support/harbor.ts'
import { tablesWith } from '../support/tables.ts'

const ADA = {
  id: 'cust-of-ada',
  external_id: 'shop-customer-7',
  individual_name: 'Ada Plantedname',
  email: 'ada.planted@example.com',
  mobile_phone: '+1 555 0134 7734',
  address_string: '17 Planted Street, Springfield',
  notes: 'likes Plantednotes',
}
const BEN = {
  ...ADA,
  id: 'cust-of-ben',
  external_id: null,
  individual_name: 'Ben Othername',
  email: 'ben.other@example.com',
}
/** What of Ada may stand nowhere but in the contents of refunds. */
const PEOPLE = [
  'Plantedname',
  'ada.planted@',
  '0134 7734',
  'Planted Street',
  'Plantednotes',
  'Plantedmemo',
  'Plantedtag',
]
const SECRETS = {
  database: 'hush#of/the@database',
  smtp: 'hush?of#the/mail',
  hook: 'T0/B0/hush-of-the-hook',
  ping: 'hush-of-the-ping',
  proxy: 'hush-of-the-proxy',
}

let built: Built
let database: FreshDatabase
let harbor: Harbor
let hooks: { url: string; close(): void }
const outputs: [words: string, ended: Ended][] = []

beforeAll(async () => {
  built = await buildSource()
})
beforeEach(async () => {
  outputs.length = 0
  database = await freshDatabase()
  harbor = await openHarbor(built, database.url)
  // a server that trusts takes any password; one that asks for it has one already
  const { environment } = harbor
  const known = /^\w+:\/\/[^:@/]*:([^@/]+)@/.exec(database.url)?.[1]
  if (known === undefined)
    environment['DATABASE_URL'] = database.url.replace(/^(\w+:\/\/[^:@/]*)@/, `$1:${SECRETS.database}@`)
  const server = createServer(
    (request, response) => void response.writeHead(request.url?.includes('hook') ? 403 : 200).end(),
  )
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready))
  hooks = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
  environment['SMTP'] = `smtp://ada:${SECRETS.smtp}@127.0.0.1:1`
  environment['HOOK'] = `${hooks.url}/${SECRETS.hook}`
  environment['PING'] = `${hooks.url}/${SECRETS.ping}`
  environment['PROXY'] = SECRETS.proxy
})
afterEach(async () => {
  hooks.close()
  await harbor.close()
  await database.close()
})

const configure = (more = ''): void => {
  const path = join(harbor.folder, 'tieout.yaml')
  const text = readFileSync(path, 'utf8').split('# planted\n').at(-1) ?? ''
  const notify =
    'notify: {email: {when: always, smtp: "${SMTP}", from: t@example.com, to: [b@example.com]}, ' +
    'webhook: {when: always, url: "${HOOK}"}, ping: "${PING}"}\n' +
    'desk: {trusted_user_header: X-User, proxy_secret: "${PROXY}"}\n'
  writeFileSync(path, `${notify}# planted\n${text.replace(/( {4}currency: USD\n)(?: {4}retention.*\n)?/, `$1${more}`)}`)
}

const refund = (id: string, customer: object, memo: string, more: object = {}) => ({
  ...{ id, refunded_amount: 4200, status: 'PAID', completed_at: '2026-10-05T12:00:00Z', customer, memo },
  ...{ tags: [{ key: 'who', value: 'Plantedtag' }], metadata: { of: ADA.email } },
  payments: [{ id: `p-${id}`, external_id: `re_${id}`, refunded_amount: 4200, processor: 'STRIPE', memo }],
  allocations: [{ id: `a-${id}`, amount: 4200, invoice_id: `inv-${id}`, customer }],
  ...more,
})
const WITH_PEOPLE = [
  refund('ada-1', ADA, 'Plantedmemo'),
  refund('ada-2', ADA, 'Plantedmemo'),
  refund('ben-1', BEN, 'of Ben'),
  refund('ada-3', ADA, 'Plantedmemo', { refunded_amount: ADA.individual_name }),
  refund('ada-4', ADA, 'Plantedmemo', { completed_at: ADA.email, refunded_amount: ADA.mobile_phone }),
]

/** Layer lists them too, and the inbox holds lines with columns of people, some of which cannot be read. */
const arrive = (people: readonly object[] = WITH_PEOPLE): void => {
  harbor.arrives(FIRST)
  harbor.answers((asked) => {
    const { body, ...rest } = listing(FIRST)(asked)
    if (!asked.url.includes('/invoices/') || !Array.isArray(body)) return { body: body ?? [], ...rest }
    return { body: [...body, ...people] }
  })
  const line = (id: string, date: string, amount: string): string =>
    `txn_${id},${date},usd,${amount},0.00,${amount},refund,re_${id},ch_${id},"${ADA.individual_name}",${ADA.email},"${ADA.address_string}"`
  writeFileSync(
    join(
      harbor.folder,
      FIRST.files.find(({ path }) => path.includes('stripe'))?.path.replace(/[^/]+$/, 'people.csv') ?? '',
    ),
    [
      'balance_transaction_id,created_utc,currency,gross,fee,net,reporting_category,source_id,charge_id,customer_name,customer_email,card_address_line1',
      line('ada-1', '2026-10-05 12:00:00', '-42.00'),
      line('ada-8', 'soon', '-7.00'),
      line('ada-9', '2026-10-06 12:00:00', 'much'),
      '',
    ].join('\n'),
  )
}

const run = async (...words: string[]): Promise<Ended> => {
  const ended = await harbor.run(...words)
  outputs.push([words.join(' '), ended])
  return ended
}

const allSecrets = (): string[] =>
  [TOKEN, ...Object.values(SECRETS)].flatMap((text) => [text, encodeURIComponent(text)])

/** Every file below a folder as text, the parts of workbooks and compressed pages too. */
function textsBelow(folder: string): [path: string, text: string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry): [string, string][] => {
      const path = join(entry.parentPath, entry.name)
      const bytes = readFileSync(path)
      if (entry.name.endsWith('.xlsx'))
        return Object.entries(unzipSync(bytes)).map(([name, part]) => [`${path}/${name}`, strFromU8(part)])
      const text = bytes.toString('utf8')
      // the page holds its findings compressed
      const packed = [...text.matchAll(/[A-Za-z0-9+/]{400,}={0,2}/g)].map(([block], index): [string, string] => [
        `${path} block ${index}`,
        unpacked(Buffer.from(block, 'base64')),
      ])
      return [[path, text], ...packed]
    })
}
const unpacked = (bytes: Buffer): string => {
  for (const open of [gunzipSync, inflateRawSync]) {
    try {
      return open(bytes).toString('utf8')
    } catch {
      // not packed so
    }
  }
  return bytes.toString('utf8')
}

/** The contents of refunds as they are stored. */
async function contents(): Promise<string> {
  const pages = await database.query<{ raw: Buffer }>('select raw from ledger_page order by pull_id, page_no')
  const unpackedPages = await Promise.all(pages.map(({ raw }) => promisify(brotliDecompress)(raw)))
  return unpackedPages.map(String).join('\n')
}

const tablesOfQueue = async (text: string): Promise<string[]> => {
  const tables = await database.query<{ name: string }>(
    `select format('%I.%I', nspname, relname) as name from pg_class join pg_namespace n on n.oid = relnamespace
     where nspname = 'graphile_worker' and relkind = 'r'`,
  )
  const found: string[] = []
  for (const { name } of tables)
    if ((await database.query(`select from ${name} line where strpos(line::text, $1) > 0`, [text])).length > 0)
      found.push(name)
  return found
}

async function expectNowhere(texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    for (const [words, { stdout, stderr }] of outputs)
      expect([words, (stdout + stderr).includes(text), text]).toEqual([words, false, text])
    for (const folder of ['reports', 'out', '.tieout'])
      for (const [path, written] of textsBelow(join(harbor.folder, folder)))
        expect([path, written.includes(text)]).toEqual([path, false])
    expect([text, await tablesWith(database, text.replaceAll("'", "''")), await tablesOfQueue(text)]).toEqual([
      text,
      [],
      [],
    ])
  }
}

/** Arguments of every process of the machine, as others see them, while `work` goes on. */
async function processesDuring<T>(work: () => Promise<T>): Promise<string> {
  let seen = ''
  const timer = setInterval(() => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        seen += `${readFileSync(`/proc/${pid}/cmdline`, 'utf8')}\n`
      } catch {
        // it has ended
      }
    }
  }, 50)
  await work()
  clearInterval(timer)
  return seen
}

describe('what no output may show', () => {
  it('is in no output, log, error, report, process list or table, at the most verbose level, in success and failure', async () => {
    configure()
    arrive()
    const seen = await processesDuring(async () => {
      const night = await run('nightly', '--as-of', FIRST.as_of, '--verbose')
      expect(night.stderr).toContain('notify.webhook: the answer was 403')
      expect(night.stderr).toContain('notify.email: ')
    })
    expect(seen).toContain('nightly')
    for (const secret of allSecrets()) expect(seen.includes(secret)).toBe(false)
    for (const text of PEOPLE) expect(seen.includes(text)).toBe(false)
    // the test itself would see them: the contents are what is kept of people
    for (const text of PEOPLE) expect(await contents()).toContain(text)

    const asked = [
      ...[
        'report --format text,json,csv,xlsx,html --output out',
        'report --json',
        'status --verbose',
        'doctor --deep --verbose',
      ],
      ...['quarantine list --json', 'quarantine show 1', 'quarantine show 2', 'quarantine show 3', 'quarantine show 4'],
      ...[
        'explain re_ada-1',
        'explain re_ada-1 --json',
        'files list --json',
        'review list --json',
        'corrections propose --by Cy -v',
      ],
      ...['corrections list --json', 'reconcile --full --verbose', 'nightly --queue --verbose'],
      ...['backfill --from 2026-10 --to 2026-10 --verbose', 'import --preview --processor STRIPE people.csv'],
    ]
    writeFileSync(
      join(harbor.folder, 'people.csv'),
      textsBelow(join(harbor.folder, 'inbox')).find(([path]) => path.endsWith('people.csv'))?.[1] ?? '',
    )
    for (const words of asked) await run(...words.split(' '))
    expect(outputs.find(([words]) => words.startsWith('quarantine list'))?.[1].stdout).toContain(
      'a text of 15 characters',
    )

    // Layer repeats what it was sent; the database is not there; the configuration is wrong
    harbor.answers(({ headers }) => ({
      status: 503,
      body: `${'x'.repeat(90)} ${headers.authorization}`,
    }))
    await run('nightly', '--as-of', SECOND.as_of, '--verbose')
    const { DATABASE_URL = '' } = harbor.environment
    harbor.environment['DATABASE_URL'] = `postgres://clerk:${SECRETS.database}@127.0.0.1:1/books`
    for (const words of ['nightly --verbose', 'status --json', 'doctor --verbose', 'worker'])
      await run(...words.split(' '))
    harbor.environment['DATABASE_URL'] = `postgres://clerk:${SECRETS.database}@127.0.0.1:port/books`
    await run('nightly', '--verbose')
    harbor.environment['DATABASE_URL'] = DATABASE_URL
    await expectNowhere(allSecrets())
    await expectNowhere(PEOPLE)
  }, 240_000)
})

describe('tieout erase', () => {
  it("removes a person's details for good; figures, hashes and the chain of events still verify", async () => {
    configure()
    arrive()
    await run('nightly', '--as-of', FIRST.as_of)
    const before = settled(harbor.text(FIRST))
    const hashes = await database.query('select refund_id, content_hash from ledger_refund order by 1')
    const erased = await run('erase', '--customer', ADA.id, '--by', 'Cy', '--note', 'asked to')
    expect([erased.code, erased.stdout]).toEqual([
      0,
      expect.stringContaining('2 stored refunds named this person and hold no details of them any more'),
    ])
    for (const text of PEOPLE.filter(
      (each) => !['Plantedtag', 'ada.planted@', 'Planted Street', '0134 7734', 'Plantednotes'].includes(each),
    ))
      expect(await contents()).not.toContain(text)
    expect(await contents()).toContain('Ben Othername')
    expect(await contents()).toContain('"id":"ada-1"')
    for (const text of [ADA.id, ADA.external_id, 'Plantedname']) expect(await tablesWith(database, text)).toEqual([])

    // all is as it was, and holds
    expect(await database.query('select refund_id, content_hash from ledger_refund order by 1')).toEqual(hashes)
    const deep = await run('doctor', '--deep', '--as-of', FIRST.as_of)
    expect(deep.stdout).toContain('agrees with itself')
    expect((await run('review', 'verify')).code).toBe(0)
    await run('nightly', '--as-of', FIRST.as_of)
    expect(settled(harbor.text(FIRST)).replace(/"runs":\[.*?\]/s, '')).toBe(before.replace(/"runs":\[.*?\]/s, ''))
    expect(await contents()).not.toContain('Plantedname')

    // what Layer goes on to send of her is kept without; another id of hers finds her too
    arrive([
      { ...refund('ada-1', { ...ADA, email: 'new.planted@example.com' }, 'Plantedmemo'), status: 'DONE' },
      refund('ada-9', ADA, 'Plantedmemo'),
    ])
    await run('nightly', '--as-of', SECOND.as_of)
    expect(
      await database.query(`select status from ledger_refund where refund_id in ('ada-1', 'ada-9') order by refund_id`),
    ).toEqual([{ status: 'DONE' }, { status: 'PAID' }])
    expect(await contents()).not.toMatch(/Plantedname|new\.planted|Plantedmemo/)
    const again = await run('erase', '--customer', ADA.external_id, '--by', 'Cy')
    expect(again.stdout).toContain('0 stored refunds named this person')
    const events = await database.query(
      `select actor, note, to_state from event where kind = 'person_erased' order by event_number`,
    )
    expect(events).toEqual([
      { actor: 'Cy', note: 'asked to', to_state: 'erased' },
      { actor: 'Cy', note: null, to_state: 'erased' },
    ])
  }, 120_000)

  it('finds nobody by a part of an id or a name, and asks for an id', async () => {
    configure()
    arrive()
    await run('nightly', '--as-of', FIRST.as_of)
    for (const id of ['cust-of-a', 'Ada Plantedname', 'ada-1'])
      expect((await run('erase', '--customer', id, '--by', 'Cy')).stdout).toContain(
        '0 stored refunds named this person',
      )
    expect(await contents()).toContain('Ada Plantedname')
    expect((await run('erase', '--by', 'Cy')).code).toBe(2)
    expect((await run('erase', '--customer', ' ', '--by', 'Cy')).code).toBe(2)
  })
})

describe('retention', () => {
  const night = async (as_of: string) => await run('nightly', '--as-of', as_of)

  it('takes the details out of refunds as received once its days are over, and not before', async () => {
    configure('    retention: 30\n')
    arrive()
    await night(FIRST.as_of)
    const later = (days: number): string => new Date(Date.parse(FIRST.as_of) + days * 86_400_000).toISOString()
    await night(later(30))
    expect(await contents()).toContain('Ada Plantedname')
    const over = await night(later(31))
    expect(over.stderr).toContain('details of people kept no longer')
    for (const text of [...PEOPLE, 'Ben Othername']) expect(await contents()).not.toContain(text)
    expect((await night(later(32))).stderr).not.toContain('details of people kept no longer')
    expect((await run('doctor', '--deep', '--as-of', later(32))).stdout).toContain('agrees with itself')
    // a correction still finds in them what a refund was of
    expect(await contents()).toContain('"invoice_id":"inv-ada-1"')
  }, 120_000)

  it('of no days keeps none at all', async () => {
    configure('    retention: 0\n')
    arrive()
    await night(FIRST.as_of)
    for (const text of [...PEOPLE, 'Ben Othername']) expect(await contents()).not.toContain(text)
    expect((await night(FIRST.as_of)).stdout).toContain('customer refunds from Layer (')
    expect(await database.query('select count(distinct pull_id) as pulls from ledger_page')).toEqual([{ pulls: 2n }])
  })
})

describe('file modes', () => {
  it.each([0o000, 0o022, 0o077])(
    'under umask %o nobody else may write what a night makes, nor read what is secret',
    async (mask) => {
      configure()
      arrive()
      harbor.environment['DATABASE_URL'] = ''
      const before = process.umask(mask)
      try {
        const ended = await run('nightly', '--as-of', FIRST.as_of)
        expect([ended.code, ended.stderr]).toEqual([4, expect.not.stringContaining('embedded')])
        await run('report', '--format', 'xlsx,html', '--output', 'out')
      } finally {
        process.umask(before)
      }
      const made = ['reports', 'out', '.tieout'].flatMap((name) => [
        name,
        ...readdirSync(join(harbor.folder, name), { recursive: true }).map((path) => join(name, String(path))),
      ])
      expect(made.length).toBeGreaterThan(100)
      const open = made.filter((path) => (statSync(join(harbor.folder, path)).mode & 0o022) !== 0)
      expect(open).toEqual([])
      const read = made.filter((path) => /notified\.json|server\.log|password|cluster$/.test(path))
      expect(read.length).toBeGreaterThan(3)
      expect(read.filter((path) => (statSync(join(harbor.folder, path)).mode & 0o077) !== 0)).toEqual([])
      for (const text of [...allSecrets(), ...PEOPLE]) {
        const log = readFileSync(join(harbor.folder, '.tieout/postgres/server.log'), 'utf8')
        expect([text, log.includes(text)]).toEqual([text, false])
      }
    },
    120_000,
  )
})
