import { expect, test } from 'vitest'
import { readSandboxFlags } from '../../src/sandbox/sandbox-flags.ts'

const PLAIN = { port: '4010', token: 'secret' }

test('a sandbox without more flags answers bare, without faults, and keeps nothing', () => {
  expect(readSandboxFlags(PLAIN)).toEqual({
    port: 4010,
    token: 'secret',
    mode: 'bare',
    page_size: 100,
    fault: null,
    persist: null,
    client: null,
  })
})

test('all flags are read', () => {
  const flags = { ...PLAIN, mode: 'data', pageSize: '50', fault: 'cut-off', faultCount: 'always', client: 'id:se:cret' }
  expect(readSandboxFlags(flags)).toMatchObject({
    mode: 'data',
    page_size: 50,
    fault: { fault: 'cut-off', count: Number.POSITIVE_INFINITY },
    client: { client_id: 'id', client_secret: 'se:cret' },
  })
  expect(readSandboxFlags({ ...PLAIN, fault: 'slow' })).toMatchObject({ fault: { fault: 'slow', count: 2 } })
})

test.each([
  [{ port: '70000' }, '--port 70000: expected a number from 0 to 65535'],
  [{ mode: 'json' }, '--mode json: expected bare or data'],
  [{ pageSize: '0' }, '--page-size 0: expected a number from 1 to 1000'],
  [{ fault: 'fire' }, '--fault fire: expected one of rate-limit, server-error'],
  [{ fault: 'slow', faultCount: '-1' }, '--fault-count -1: expected a number'],
  [{ client: 'id' }, '--client: expected ID:SECRET'],
])('%j is refused', (flags, message) => {
  expect(() => readSandboxFlags({ ...PLAIN, ...flags })).toThrow(message)
})
