import { describe, expect, it } from 'vitest'
import { FORMATS } from '../../../src/processor/formats/formats.ts'
import { mappingFormat } from '../../../src/processor/formats/mapping/mapping.ts'
import { PLAIN_MAPPING } from '../../support/plain-config.ts'

/** Which kind of payment id of a format an id is, by its place in the list; -1: of none of them. */
const kindOf = (name: string, id: string): number => {
  const format = FORMATS.find((each) => each.name === name)
  return (format?.paymentIdPatterns ?? []).findIndex((pattern) => new RegExp(pattern).test(id))
}

describe('the kinds of payment ids', () => {
  it('of Stripe are charges and payment intents', () => {
    for (const name of ['stripe-itemized', 'stripe-balance-history']) {
      expect(['ch_3Nx', 'py_1Ab', 'pi_3Nx', 're_3Nx', '1001'].map((id) => kindOf(name, id))).toEqual([0, 0, 1, -1, -1])
    }
  })

  it('of Checkout.com, Mollie and Amazon are told by their shape', () => {
    expect(kindOf('checkout-settlement-breakdown', 'pay_abc')).toBe(0)
    expect(kindOf('mollie-settlement', 'tr_Ab1')).toBe(0)
    expect(kindOf('amazon-pay-settlement', 'P01-2222222-3333333')).toBe(0)
    expect(kindOf('amazon-pay-settlement', 'P01-2222222-3333333-C000001')).toBe(1)
    expect(kindOf('amazon-settlement-v2', '111-0000001-0000001')).toBe(0)
  })

  it('of a mapping are what payment_id_pattern says, or none', () => {
    expect(mappingFormat(PLAIN_MAPPING, 'BILLPAY').paymentIdPatterns).toEqual([])
    const mapping = { ...PLAIN_MAPPING, payment_id_pattern: '^PMT-[0-9]+$' }
    expect(mappingFormat(mapping, 'BILLPAY').paymentIdPatterns).toEqual(['^PMT-[0-9]+$'])
  })
})
