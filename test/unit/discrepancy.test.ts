import { describe, expect, it } from 'vitest'
import { CODES } from '../../src/core/discrepancy.ts'

describe('the discrepancy codes', () => {
  it('are these, in this order, with these classes', () => {
    expect(Object.entries(CODES).map(([code, text]) => `${code} ${text.class}`)).toEqual([
      'MISSING_IN_LEDGER error',
      'AWAITING_LEDGER timing',
      'MISSING_AT_PROCESSOR error',
      'AWAITING_PROCESSOR timing',
      'AMOUNT_MISMATCH error',
      'REFUND_FEE_MISMATCH error',
      'RETURNED_FEE_MISMATCH error',
      'WITHIN_TOLERANCE info',
      'CURRENCY_MISMATCH error',
      'CURRENCY_CONVERTED info',
      'PROCESSOR_MISMATCH error',
      'REFUND_FAILED error',
      'CUTOFF_MISMATCH info',
      'ALLOCATION_TARGET_MISMATCH error',
      'DUPLICATE_IN_LEDGER error',
      'AMBIGUOUS_MATCH error',
      'OVER_REFUND error',
      'ALLOCATION_IMBALANCE error',
      'PAYMENT_IMBALANCE error',
      'LINE_ITEM_IMBALANCE error',
      'FEE_TOTAL_MISMATCH error',
      'FEES_NOT_COMPARED info',
      'LEDGER_REFUND_REMOVED info',
      'CHANGED_AFTER_CLOSE error',
    ])
  })

  it('each say in full sentences what is wrong and what to do', () => {
    for (const text of Object.values(CODES)) {
      expect(text.meaning).toMatch(/^[A-Z].+\.$/)
      expect(text.suggestion).toMatch(/^[A-Z].+\.$/)
      expect(text.title).toMatch(/^[A-Z][^.]+$/)
    }
  })
})
