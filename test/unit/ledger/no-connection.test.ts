import { expect, test } from 'vitest'
import { exchange } from '../../../src/ledger/layer-api/http.ts'

const asked = { method: 'GET', url: 'http://layer.test:4010/v1', headers: {}, what: 'customer refunds' } as const

const refusedWith = (cause: unknown) =>
  exchange(() => Promise.reject(new TypeError('fetch failed', { cause })), asked, 1000, 1000)

test('an address where nothing listens is said in words, with the code in brackets', async () => {
  await expect(refusedWith(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))).rejects.toThrow(
    'customer refunds at layer.test:4010: no connection: nothing listens there (ECONNREFUSED); check the network, and layer.base_url in tieout.yaml',
  )
})

test('an unknown code is given as it is; the class of an error without a code is not', async () => {
  await expect(refusedWith(Object.assign(new Error('tls'), { code: 'CERT_HAS_EXPIRED' }))).rejects.toThrow(
    'no connection (CERT_HAS_EXPIRED); check',
  )
  await expect(refusedWith(new Error('bad port'))).rejects.toThrow(
    /^customer refunds at layer\.test:4010: no connection; check the network, and layer\.base_url in tieout\.yaml$/,
  )
})
