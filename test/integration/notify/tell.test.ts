import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { NotifyConfig } from '../../../src/config/notify.ts'
import { readNotices } from '../../../src/notify/keep.ts'
import type { Night } from '../../../src/notify/summary.ts'
import { type Told, tellOfNight } from '../../../src/notify/tell.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { quiet } from '../../support/quiet.ts'
import { HARBOR, storeHarbor } from '../report/harbor.ts'

let database: FreshDatabase
let folder: string
let server: Server
let asked: { url: string; method: string; body: string }[]
let status: number

beforeAll(async () => {
  database = await freshDatabase()
  await storeHarbor(database)
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    asked.push({ url: request.url ?? '', method: request.method ?? '', body: Buffer.concat(chunks).toString() })
    response.writeHead(status).end('ok')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterAll(async () => {
  server.close()
  await database.close()
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tieout-notify-'))
  asked = []
  status = 200
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

const at = (path: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`

const night = (changes: Partial<Night> = {}): Night => ({
  as_of: '2026-11-02T16:00:00Z',
  started_at: '2026-11-02T16:00:01Z',
  businesses: [{ business_id: HARBOR, name: 'Harbor Coffee', problems: [] }],
  failure: null,
  reports: ['/reports/2026-11-02T160000Z/report.html'],
  ...changes,
})

const tell = (notify: Partial<NotifyConfig>, about: Night = night(), withDatabase = true): Promise<Told[]> =>
  tellOfNight(
    withDatabase ? database : null,
    {
      data_dir: folder,
      reports: { dir: '/reports', formats: ['html'], url: 'https://reports.example/tieout', per_business: false },
      secrets: ['hush-hush-password'],
      unset: [],
      notify: { missed_after_hours: 26, email: null, webhook: null, command: null, ping: null, ...notify },
    },
    'nightly',
    about,
    quiet,
  )

/** A mail server that takes everything, and keeps what it was given. */
const mailServer = async (): Promise<{ address: string; mails: string[]; close: () => void }> => {
  const mails: string[] = []
  const smtp = createSocketServer((socket) => {
    let mail: string | null = null
    socket.setEncoding('utf8').write('220 mail.example\r\n')
    socket.on('data', (text: string) => {
      if (mail !== null) {
        mail += text
        if (!mail.endsWith('\r\n.\r\n')) return
        mails.push(mail)
        mail = null
        socket.write('250 kept\r\n')
      } else if (text.startsWith('DATA')) {
        mail = ''
        socket.write('354 go on\r\n')
      } else socket.write(text.startsWith('QUIT') ? '221 bye\r\n' : '250 fine\r\n')
    })
  }).listen(0, '127.0.0.1')
  await once(smtp, 'listening')
  return { address: `smtp://127.0.0.1:${(smtp.address() as AddressInfo).port}`, mails, close: () => smtp.close() }
}

/** Both forms of a mail, decoded. */
const readMail = (mail: string): { text: string; html: string } => {
  const part = (type: string): string => {
    const found = new RegExp(`Content-Type: text/${type};[^]*?\r\n\r\n([^]*?)\r\n--`).exec(mail)
    return Buffer.from(
      (found?.[1] ?? '')
        .replaceAll('\r\n..', '\r\n.')
        .replaceAll('=\r\n', '')
        .replaceAll('\r\n', '\n')
        .replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
      'latin1',
    ).toString('utf8')
  }
  return { text: part('plain'), html: part('html') }
}

test('a mail has the verdict and the count in its subject, and what to do in its text', async () => {
  const { address, mails, close } = await mailServer()
  const told = await tell({
    email: {
      when: 'always',
      smtp: address,
      from: 'tieout@example.com',
      to: ['ada@example.com', 'bob@example.com'],
      attach: null,
    },
  })
  close()
  expect(told).toEqual([{ channel: 'email', problem: null }])
  expect(mails[0]).toContain('To: ada@example.com, bob@example.com')
  expect(mails[0]?.replaceAll('\r\n ', ' ')).toContain(
    'Subject: Tieout: Harbor Coffee: 2026-10 incomplete, 90,071,992,547,354.93 USD net; 3 items to correct',
  )
  const { text, html } = readMail(mails[0] ?? '')
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([])
  const said = text.replace(/\s+/g, ' ')
  expect(said).toContain(
    'October 2026, to be closed, the worst: INCOMPLETE: the vendor refunds were not pulled completely. ' +
      'Ledger minus processors: 90,071,992,547,354.93 USD net, 90,071,992,547,484.93 USD gross.',
  )
  expect(said).toContain(
    'In all months: 3 items to correct, 1 refund still to arrive. Since the night of 1 Nov 2026: 0 new, 1 cleared, 1 decided.',
  )
  expect(said).toContain("1 cleared: Gone from the ledger: The ledger's customer refund of 30.00 USD")
  expect(said).toContain('Missing in the ledger: 1')
  expect(said).toContain('https://reports.example/tieout/2026-11-02T160000Z/report.html')
  expect(html).toContain('<a href="https://reports.example/tieout/2026-11-02T160000Z/report.html">')
  expect(html).toContain('>Harbor Coffee</h2>')
  expect(html.replace(/<[^>]*>/g, ' ')).toContain('INCOMPLETE: the vendor refunds were not pulled completely.')
})

test('a finding that is new stands in the mail with its amount, in both forms; markup of others is text', async () => {
  const { address, mails, close } = await mailServer()
  await database.query(`
    update discrepancy set first_seen_at = '2026-11-02T16:00:00Z' where discrepancy_id = 'd21';
    update business set name = 'Harbor <b>Coffee</b>' where business_id = '${HARBOR}'`)
  const email = {
    when: 'always',
    smtp: address,
    from: 'tieout@example.com',
    to: ['ada@example.com'],
    attach: null,
  } as const
  await tell({ email }, night({ businesses: [{ business_id: HARBOR, name: 'Harbor <b>Coffee</b>', problems: [] }] }))
  close()
  await database.query(`
    update discrepancy set first_seen_at = '2026-10-16T16:00:00Z' where discrepancy_id = 'd21';
    update business set name = 'Harbor Coffee' where business_id = '${HARBOR}'`)
  const { text, html } = readMail(mails[0] ?? '')
  expect(text).toContain('1 new (10.00 USD, 1 to correct):')
  expect(text).toMatch(/^ {2}10\.00 USD {2}Amount differs: /m)
  expect(html).toContain('>10.00 USD</td>')
  expect(html).toContain('Harbor &lt;b&gt;Coffee&lt;/b&gt;')
})

test('the page goes along where it is to be attached, and nothing else', async () => {
  const { address, mails, close } = await mailServer()
  const page = join(folder, 'report.html')
  await writeFile(page, '<!doctype html><title>the page</title>')
  const email = {
    when: 'always',
    smtp: address,
    from: 'tieout@example.com',
    to: ['ada@example.com'],
    attach: 'html',
  } as const
  await tell({ email }, night({ reports: [page, join(folder, 'report.json')] }))
  await tell({ email: { ...email, attach: null } }, night({ reports: [page] }))
  close()
  expect(mails[0]).toContain('filename=report.html')
  expect(mails[0]).toContain(Buffer.from('<!doctype html><title>the page</title>').toString('base64'))
  expect(mails[0]).not.toContain('filename=report.json')
  expect(mails[1]).not.toContain('filename=')
})

test('what did not go out is kept until the channel is used again', async () => {
  const webhook = { when: 'always', url: at('/hook') } as const
  status = 403
  await tell({ webhook })
  const failed = { channel: 'webhook', problem: 'the answer was 403', as_of: '2026-11-02T16:00:00Z' }
  expect((await readNotices(folder)).failed).toEqual([failed])
  await tell({ ping: at('/ping') })
  expect((await readNotices(folder)).failed).toEqual([failed, { ...failed, channel: 'ping' }])
  status = 200
  await tell({ webhook, ping: at('/ping') })
  expect((await readNotices(folder)).failed).toEqual([])
})

test('a webhook gets text as Slack reads it, with no markup of others in it', async () => {
  const about = night({ businesses: [{ business_id: HARBOR, name: 'Harbor <!channel> & Co', problems: [] }] })
  await tell({ webhook: { when: 'always', url: at('/hook') } }, about)
  const { text } = JSON.parse(asked[0]?.body ?? '{}')
  expect(asked[0]?.method).toBe('POST')
  expect(text).toContain(
    '*Tieout: Harbor &lt;!channel&gt; &amp; Co: 2026-10 incomplete, 90,071,992,547,354.93 USD net; 3 items to correct*',
  )
})

test('a command gets the summary as JSON; one that fails is said to have, with its complaint', async () => {
  const program = join(folder, 'tell.sh')
  await writeFile(program, '#!/bin/sh\ncat > got.json\n')
  await chmod(program, 0o755)
  const command = { when: 'always', run: ['./tell.sh'], folder } as const
  expect(await tell({ command })).toEqual([{ channel: 'command', problem: null }])
  expect(JSON.parse(await readFile(join(folder, 'got.json'), 'utf8'))).toMatchObject({ errors: true, alarming: false })
  await writeFile(program, '#!/bin/sh\necho "no printer" >&2\nexit 3\n')
  expect(await tell({ command })).toEqual([{ channel: 'command', problem: 'it ended with 3: no printer' }])
  await writeFile(program, `#!/bin/sh\necho "hush-hush-password${'x'.repeat(390)}" >&2\nexit 3\n`)
  const [told] = await tell({ command })
  expect(told?.problem).toContain('xxx')
  expect(told?.problem).not.toContain('word')
  expect(await tell({ command: { ...command, run: ['./not-there.sh'] } })).toEqual([
    { channel: 'command', problem: expect.stringContaining('ENOENT') },
  ])
})

test('on change is told once, and again when a finding has gone', async () => {
  const webhook = { when: 'change', url: at('/hook') } as const
  expect(await tell({ webhook })).toHaveLength(1)
  expect(await tell({ webhook })).toHaveLength(0)
  await database.query(`update discrepancy set status = 'cleared' where discrepancy_id = 'd31'`)
  expect(await tell({ webhook })).toHaveLength(1)
  await database.query(`update discrepancy set status = 'open' where discrepancy_id = 'd31'`)
})

test('what did not go out is told again the next night', async () => {
  const webhook = { when: 'change', url: at('/hook') } as const
  status = 403
  expect(await tell({ webhook })).toEqual([{ channel: 'webhook', problem: 'the answer was 403' }])
  status = 200
  expect(await tell({ webhook })).toEqual([{ channel: 'webhook', problem: null }])
})

test('on error is told as long as errors are open, and no longer', async () => {
  const webhook = { when: 'error', url: at('/hook') } as const
  expect(await tell({ webhook })).toHaveLength(1)
  expect(await tell({ webhook })).toHaveLength(1)
  await database.query(`
    update discrepancy set status = 'resolved' where status = 'open' and code <> 'CUTOFF_MISMATCH';
    update month_verdict set verdict = 'waiting'`)
  expect(await tell({ webhook })).toHaveLength(0)
  await database.query(`
    update discrepancy set status = 'open' where status = 'resolved' and discrepancy_id <> 'd52';
    update month_verdict set verdict = 'incomplete' where month = '2026-10'`)
})

test('a night that failed is told without a database, and the ping does not go out', async () => {
  const notify = { webhook: { when: 'error', url: at('/hook') }, ping: at('/ping') } as const
  const told = await tell(
    notify,
    night({ businesses: [], failure: 'the database cannot be reached', reports: [] }),
    false,
  )
  expect(told).toEqual([{ channel: 'webhook', problem: null }])
  expect(JSON.parse(asked[0]?.body ?? '{}').text).toContain('the nightly run failed')
  expect(JSON.parse(asked[0]?.body ?? '{}').text).toContain('the database cannot be reached')
})

test('a ping goes out after a night that went through', async () => {
  expect(await tell({ ping: at('/ping') })).toEqual([{ channel: 'ping', problem: null }])
  expect(asked).toEqual([{ url: '/ping', method: 'GET', body: '' }])
})

test('a night that was missed is told, though nothing else has changed', async () => {
  const webhook = { when: 'change', url: at('/hook') } as const
  await tell({ webhook })
  // the nightly run before began 2026-11-01T16:00:01Z
  const later = night({ started_at: '2026-11-04T16:00:01Z' })
  expect(await tell({ webhook }, later)).toHaveLength(1)
  expect(JSON.parse(asked.at(-1)?.body ?? '{}').text).toContain('no nightly run for 72 hours before this one')
})

test('what became overdue and what was found for the first time is new; what the night before still had is cleared', async () => {
  const webhook = { when: 'always', url: at('/hook') } as const
  await database.query(`
    update discrepancy set first_seen_at = '2026-11-02T16:00:00Z' where discrepancy_id = 'd21';
    insert into event (business_id, event_number, at, actor, kind, subject, from_state, to_state, previous_hash, hash) values
      ('${HARBOR}', 4, '2026-11-02T16:00:00Z', 'run', 'overdue', 'd11', 'open', 'open', 'h3', 'h4')`)
  await tell({ webhook })
  expect(JSON.parse(asked.at(-1)?.body ?? '{}').text).toContain(
    '3 items to correct, 1 refund still to arrive.\n  Since the night of 1 Nov 2026: 2 new (55.00 USD, 2 to correct), 1 cleared, 1 decided.',
  )
})
