import { expect, test } from 'vitest'
import { formatText } from '../../../src/command/format-catalogue.ts'
import { FORMATS } from '../../../src/processor/formats/formats.ts'
import { formatReference, reportsGuide } from '../../support/format-reference.ts'

test('the reference is what the formats say of themselves', async () => {
  await expect(formatReference()).toMatchFileSnapshot('../../../docs/reference/formats.md')
  await expect(reportsGuide()).toMatchFileSnapshot('../../../docs/guide/where-to-get-reports.md')
})

test('a format says where its file is found, its fees, its ids and their shapes, a line each', () => {
  const { text } = formatText('stripe-itemized')
  expect(text).toContain('Where to get it: Dashboard: Reports, Balance, Download, Itemized')
  expect(text).toContain('Its columns: tick charge_id and payment_intent_id, which are not among the default columns')
  expect(text).toContain('How often: monthly, or daily by the API.')
  expect(text).toContain('Fees: has the fee of a refund, charged or given back, in fee; lacks')
  expect(text).toContain(
    'Transaction ids: one family (stripe) with stripe-balance-history: an account may have files of each.',
  )
  expect(text).toContain('Refund ids look like ^(re|pyr)_[A-Za-z0-9]+$')
  expect(formatText('adyen-payment-accounting').text).toContain('Transaction ids: a family of its own')
})

test('every format says it in plain lines', () => {
  for (const { name, getting, fees } of FORMATS) {
    for (const said of [getting.where, getting.columns, getting.often, fees]) {
      expect(said, name).not.toMatch(/\n|\.$/)
      expect(said.length, name).toBeGreaterThan(5)
    }
    expect(fees, name).toMatch(/^(?:has|lacks) /)
  }
})
