import { expect, test } from 'vitest'
import type { TieOutLine, VerdictLine } from '../../../src/report/lines.ts'
import { verdictText } from '../../../src/report/text/text.ts'

const verdict = (month: string, said: VerdictLine['verdict'] = 'reconciled'): VerdictLine =>
  ({ business_id: 'b', month, verdict: said, reasons: [] }) as unknown as VerdictLine

const line = (month: string, measure: TieOutLine['measure'], difference: bigint): TieOutLine =>
  ({ month, measure, difference, currency: 'USD' }) as unknown as TieOutLine

test('a reconciled month says what of it was decided, and one without a refund that it has none', () => {
  const lines = [
    ...[line('2026-01', 'amount', -37_000n), line('2026-01', 'refund_fee', 30n)],
    ...[line('2026-02', 'amount', 500n), line('2026-02', 'amount', -500n)],
    line('2026-03', 'returned_fee', -145n),
  ]
  const exact = 'everything is here and explained to the cent'
  const said = 'net by items that were decided or are for information'
  expect(verdictText(verdict('2026-01'), lines)).toBe(`${exact}: -370.00 USD and 0.30 USD of fees ${said}`)
  expect(verdictText(verdict('2026-02'), lines)).toBe(exact)
  expect(verdictText(verdict('2026-03'), lines)).toBe(`${exact}: -1.45 USD of fees ${said}`)
  expect(verdictText(verdict('2026-12'), lines)).toBe('no refund is dated in it')
  expect(verdictText(verdict('2026-01', 'discrepant'), lines)).toBe(
    'everything is here, and there are items to correct',
  )
})
