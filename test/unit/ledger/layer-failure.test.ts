import { expect, test } from 'vitest'
import { withoutSecrets } from '../../../src/core/log.ts'
import { describeAnswer, readApiErrors, refusal } from '../../../src/ledger/layer-api/failure.ts'

const asItIs = (text: string): string => text
const NOT_FOUND = { type: 'ResourceNotFound', description: 'Business not found.', error_enum: 'SpecifiedIdNotFound' }

test.each([
  ['bare', JSON.stringify(NOT_FOUND)],
  ['in a list of errors', JSON.stringify({ errors: [NOT_FOUND] })],
  ['with fields that nobody documented', JSON.stringify({ ...NOT_FOUND, meta: null, trace: 1 })],
])("Layer's error %s is read", (_form, body) => {
  expect(readApiErrors(body, asItIs)).toEqual([NOT_FOUND])
})

test('an answer that is no JSON has no error objects, and is quoted shortly', () => {
  const body = '<html><body><h1>502 Bad Gateway</h1></body></html>'
  expect(readApiErrors(body, asItIs)).toEqual([])
  expect(describeAnswer([], body)).toBe('502 Bad Gateway')
  expect(describeAnswer([], '')).toBe('nothing more')
})

test('an error without an enum or a description is still an error', () => {
  expect(readApiErrors('{"type":"Unknown"}', asItIs)).toEqual([{ type: 'Unknown', description: '', error_enum: null }])
  expect(readApiErrors('{"errors":[null,7]}', asItIs)).toEqual([])
})

test('a refusal says what was asked, what came back and what to do', () => {
  const failure = refusal('GET /v1/businesses/b/bills/refunds', 404, JSON.stringify({ errors: [NOT_FOUND] }), null)
  expect(failure.message).toBe(
    'GET /v1/businesses/b/bills/refunds: Layer answered 404, ResourceNotFound (SpecifiedIdNotFound): Business not found; ' +
      'check the id of the business and layer.base_url in tieout.yaml',
  )
  expect(failure).toMatchObject({ kind: 'refused', status: 404, api_errors: [NOT_FOUND] })
})

test.each([
  [401, 'unauthorized'],
  [403, 'refused'],
  [409, 'refused'],
  [429, 'busy'],
  [500, 'busy'],
  [503, 'busy'],
])('status %i is %s', (status, kind) => {
  expect(refusal('GET /', status, '', null).kind).toBe(kind)
})

test.each([
  ['a page', (word: string) => `<html>${'x'.repeat(100)} ${word}</html>`],
  ['a page whose markup is left out', (word: string) => `<p>${'y '.repeat(58)}</p>${word}`],
  ['an error', (word: string) => JSON.stringify({ type: 'Unknown', description: `${'z'.repeat(270)} ${word} end` })],
  [
    'an error that spells it in another way',
    (word: string) => JSON.stringify({ type: 'T'.repeat(290), description: word }).replace('hush', '\\u0068ush'),
  ],
])('%s that repeats a token loses it before it is cut, so that no half of it is left', (_what, body) => {
  const token = 'hush-hush-token-of-forty-characters-long'
  const hide = (text: string): string => withoutSecrets(text, [token])
  const { message, api_errors } = refusal('GET /', 503, body(token), null, hide)
  expect(`${message}${JSON.stringify(api_errors)}`).not.toContain('hush')
})
