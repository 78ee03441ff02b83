import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { writeStartingConfig } from '../../../src/command/starting-config.ts'
import { type Config, loadConfig } from '../../../src/config/config.ts'

const folder = mkdtempSync(join(tmpdir(), 'tieout-init-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ENVIRONMENT = {
  SMTP_URL: 'smtps://me:hush@mail.example.com',
  SLACK_WEBHOOK: 'https://hooks.example.com/services/1',
  PING_URL: 'https://ping.example.com/1',
  PROXY_SECRET: 'hush',
}
const read = (path: string): Config => loadConfig(path, { formats: [] }, ENVIRONMENT)

describe('the configuration that init writes', () => {
  const path = join(folder, 'tieout.yaml')
  writeStartingConfig(path)
  const text = readFileSync(path, 'utf8')

  it('can be used as it is, once a business is put into it', () => {
    expect(read(path).businesses[0]?.processors.map(({ name }) => name)).toEqual(['STRIPE'])
  })

  it('can be used with every line that it comments out', () => {
    const all = text
      .replace(/^( *)# (?=(?: *- name:|[ ]*[a-z_]+:))/gm, '$1')
      .replace('businesses_dir: businesses', '# businesses_dir: businesses')
    writeFileSync(join(folder, 'all.yaml'), all)
    const config = read(join(folder, 'all.yaml'))
    expect(text.match(/^#? ?notify:/gm)).toHaveLength(1)
    expect(config.people).toHaveLength(2)
    expect(config.desk.trusted_user_header).toBe('x-forwarded-user')
    expect(config.notify.email?.attach).toBe('xlsx')
    expect(config.businesses[0]).toMatchObject({ starts_on: '2026-01-01', waive_limit: 500n, four_eyes: true })
    expect(config.businesses[0]?.processors.map(({ name }) => name)).toEqual(['STRIPE', 'BILLPAY'])
    expect(config.businesses[0]?.processors[1]?.format).toMatchObject({ payment_id_pattern: '^PMT-[0-9]+$' })
  })
})
