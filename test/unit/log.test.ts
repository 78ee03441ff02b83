import { describe, expect, it } from 'vitest'
import { createLog, type LogOptions, withoutSecrets } from '../../src/core/log.ts'

const written = (options: Partial<LogOptions>, work: (log: ReturnType<typeof createLog>) => void): string => {
  const lines: string[] = []
  work(createLog({ level: 'info', pretty: false, ...options }, { write: (line) => lines.push(line) }))
  return lines.join('')
}

describe('the log', () => {
  it('writes one JSON line an event, amounts as they are given', () => {
    const line = written({}, (log) => log.info({ business_id: 'b1', amount: '1234' }, 'pulled'))
    expect(JSON.parse(line)).toMatchObject({ level: 'info', business_id: 'b1', amount: '1234', msg: 'pulled' })
    expect(line.endsWith('}\n')).toBe(true)
  })

  it('writes no token, wherever it stands', () => {
    const secret = 'hush "hush/1'
    const text = written({ secrets: [secret] }, (log) => {
      log.info({ token: secret, layer: { client_secret: secret } }, 'asking')
      log.error({ err: new Error(`401 for ${secret}`, { cause: new Error(encodeURIComponent(secret)) }) }, secret)
    })
    expect(text).not.toContain('hush')
    expect(text).toContain('401 for [secret]')
  })

  it('hides a secret of one to three characters as a word of its own, so that the text stays readable', () => {
    const text = written({ secrets: ['a', '1', 'err'] }, (log) => {
      log.info({ lines: 1, asked: 'https://books:a@db/?token=a', bearer: 'Bearer err' }, 'asked for a page, 10 errors')
    })
    expect(JSON.parse(text)).toMatchObject({
      level: 'info',
      lines: '[secret]',
      asked: 'https://books:[secret]@db/?token=[secret]',
      bearer: 'Bearer [secret]',
      msg: 'asked for [secret] page, 10 errors',
    })
  })

  it('stays one JSON line where a secret is also the name of a field, a level or a number', () => {
    const text = written({ secrets: ['info', 'business_id', '1234'] }, (log) => {
      log.info({ business_id: 'b-1234', amount: 1234, time_zone: 'UTC' }, 'information')
    })
    expect(JSON.parse(text)).toMatchObject({
      level: 'info',
      business_id: 'b-[secret]',
      amount: '[secret]',
      msg: '[secret]rmation',
    })
  })

  it('hides the whole of a secret that contains another', () => {
    expect(withoutSecrets('token hush-hush, password hush', ['hush', 'hush-hush'])).toBe(
      'token [secret], password [secret]',
    )
  })

  it('writes plain lines on a terminal', () => {
    const text = written({ pretty: true }, (log) => {
      log.warn({ file: 'a b.csv', lines: 3 }, 'refused')
      log.error({ err: new Error('no such table') }, 'failed')
    })
    expect(text).toMatch(/^\d\d:\d\d:\d\d warn {2}refused {2}file="a b.csv" lines=3\n/)
    expect(text).toMatch(/error failed: no such table\n$/)
  })

  it('keeps quiet below its level', () => {
    expect(written({ level: 'warn' }, (log) => log.info('nothing'))).toBe('')
  })
})
