import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { NotifyConfig } from '../../../src/config/notify.ts'
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
  reports: ['/reports/report.html'],
  ...changes,
})

const tell = (notify: Partial<NotifyConfig>, about: Night = night(), withDatabase = true): Promise<Told[]> =>
  tellOfNight(
    withDatabase ? database : null,
    {
      data_dir: folder,
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
  // a subject is folded, and a long line of text ends with '='
  const mail = mails[0]?.replaceAll('=\r\n', '').replaceAll('\r\n ', ' ')
  expect(mail).toContain(
    'Subject: Tieout: Harbor Coffee: 2026-10 incomplete, 90,071,992,547,354.93 USD net; 3 items to correct',
  )
  expect(mail).toContain(
    'October 2026, to be closed, the worst: INCOMPLETE: the vendor refunds were not pulled completely. ' +
      'Ledger minus processors: 90,071,992,547,354.93 USD net, 90,071,992,547,484.93 USD gross.',
  )
  expect(mail).toContain(
    'In all months: 3 items to correct, 1 refund still to arrive; 0 new and 1 cleared since the night before.',
  )
  expect(mails[0]).toContain('Missing in the ledger: 1')
  expect(mails[0]).toContain('/reports/report.html')
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
    '3 items to correct, 1 refund still to arrive; 2 new and 1 cleared since the night before.',
  )
})
