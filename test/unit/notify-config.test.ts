import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/config.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tieout-config-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const BUSINESS = 'businesses: [{id: 5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01, currency: USD, time_zone: UTC}]\n'

const read = (notify: string): ReturnType<typeof loadConfig> => {
  const path = join(folder, 'tieout.yaml')
  writeFileSync(path, `${notify}${BUSINESS}`)
  return loadConfig(
    path,
    { formats: [] },
    { SMTP: 'smtps://ada:s3cret-word@mail.example.com', HOOK: 'https://hooks.example.com/services/T0/B0/xyz' },
  )
}

test('without the section nobody is told, and a pause of more than 26 hours is a missed night', () => {
  expect(read('').notify).toEqual({ missed_after_hours: 26, email: null, webhook: null, command: null, ping: null })
})

test('each channel is told on change unless it says otherwise; a program runs in the folder of the file', () => {
  const { notify } = read(`
notify:
  email: {smtp: "\${SMTP}", from: tieout@example.com, to: [ada@example.com]}
  webhook: {url: "\${HOOK}", when: error}
  command: {run: [./tell.sh, now], when: always}
  ping: https://ping.example.com/1234
`)
  expect(notify.email).toEqual({
    when: 'change',
    smtp: 'smtps://ada:s3cret-word@mail.example.com',
    from: 'tieout@example.com',
    to: ['ada@example.com'],
    attach: null,
  })
  expect(notify.webhook).toEqual({ when: 'error', url: 'https://hooks.example.com/services/T0/B0/xyz' })
  expect(notify.command).toEqual({ when: 'always', run: ['./tell.sh', 'now'], folder })
  expect(notify.ping).toBe('https://ping.example.com/1234')
})

test("the mail server's password and the webhook's address are secrets", () => {
  const { secrets } = read(
    'notify: {email: {smtp: "${SMTP}", from: a@example.com, to: [b@example.com]}, webhook: {url: "${HOOK}"}}\n',
  )
  expect(secrets).toContain('s3cret-word')
  expect(secrets).toContain('https://hooks.example.com/services/T0/B0/xyz')
})

test.each([
  'smtps://ada:pa#ss/wo?rd@wo%rd@mail.example.com:465',
  'smtps://ada:pa%23ss%2Fwo%3Frd%40wo%25rd@mail.example.com:465',
])('a password may hold any character, written %s or encoded', (address) => {
  const path = join(folder, 'tieout.yaml')
  writeFileSync(path, `notify: {email: {smtp: "\${SMTP}", from: a@example.com, to: [b@example.com]}}\n${BUSINESS}`)
  const { notify, secrets } = loadConfig(path, { formats: [] }, { SMTP: address })
  expect(notify.email?.smtp).toBe('smtps://ada:pa%23ss%2Fwo%3Frd%40wo%25rd@mail.example.com:465')
  expect(secrets).toContain('pa#ss/wo?rd@wo%rd')
})

test('a mail server that is none is refused, without being shown', () => {
  const refused = (): unknown =>
    read('notify: {email: {smtp: mail.example.com/s3cret, from: a@example.com, to: [b@example.com]}}\n')
  expect(refused).toThrow(
    'notify.email.smtp: expected an address of a mail server such as smtps://user:password@mail.example.com',
  )
  expect(refused).not.toThrow('s3cret,')
})

test('a mail may bring the report along, as HTML or as a workbook', () => {
  const mail = (attach: string): string =>
    `notify: {email: {smtp: "\${SMTP}", from: a@example.com, to: [b@example.com], attach: ${attach}}}\n`
  expect(read(mail('xlsx')).notify.email?.attach).toBe('xlsx')
  expect(() => read(mail('pdf'))).toThrow('tieout.yaml:1:85: notify.email.attach: expected one of html, xlsx')
})

test('a variable that is missing takes its channel away, and is named where it stands', () => {
  const path = join(folder, 'tieout.yaml')
  writeFileSync(
    path,
    `notify:\n  email: {smtp: "\${NO_SMTP}", from: a@example.com, to: [b@example.com]}\n  ping: "\${NO_PING}/x"\n  webhook: {url: "https://example.com"}\n${BUSINESS}`,
  )
  const { notify, unset } = loadConfig(path, { formats: [] }, {})
  expect(notify).toMatchObject({ email: null, ping: null, webhook: { url: 'https://example.com' } })
  expect(unset).toEqual([
    { key: 'notify.email', says: 'tieout.yaml:2:17: notify.email.smtp: NO_SMTP is not set in the environment' },
    { key: 'notify.ping', says: 'tieout.yaml:3:9: notify.ping: NO_PING is not set in the environment' },
  ])
})
