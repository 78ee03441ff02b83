import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, expect, test } from 'vitest'
import { previewFile } from '../../../src/processor/preview-file.ts'
import { HARBOR, STRIPE, STRIPE_HEADER } from '../../support/import.ts'

const folder = mkdtempSync(join(tmpdir(), 'tieout-preview-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What a preview writes, slowly. */
const shown = async (lines: readonly string[], end = '\n'): Promise<{ text: string; problem: string | null }> => {
  const path = join(folder, 'october.csv')
  writeFileSync(path, lines.join('\n') + end)
  const pieces: string[] = []
  const output = new Writable({
    highWaterMark: 1,
    write: (piece: Buffer, _encoding, done) => {
      pieces.push(piece.toString())
      setImmediate(done)
    },
  })
  try {
    await previewFile(HARBOR, { ...STRIPE, account: 'main' }, path, null, output)
    return { text: pieces.join(''), problem: null }
  } catch (problem) {
    return { text: pieces.join(''), problem: problem instanceof Error ? problem.message : String(problem) }
  }
}

test('a preview is the rows of a file as JSON lines, others and unreadable ones included, in its order', async () => {
  const { text } = await shown([
    STRIPE_HEADER,
    'txn_1,2026-11-01 03:59:59,2026-11-03 00:00:00,usd,-25.00,-0.30,refund,re_1,ch_1,po_1',
    'txn_2,2026-11-01 04:00:00,,usd,x,0.00,refund,re_2,ch_1,',
    'txn_3,2026-11-01 04:00:00,,jpy,-900719925474099,0,payout,po_1,,',
  ])
  expect(text.trimEnd().split('\n')).toEqual([
    '{"processor":"STRIPE","account":"main","transaction_id":"txn_1","type":"refund","refund_id":"re_1","payment_id":["ch_1"],"references":[],"amount":2500,"refund_fee":0,"returned_fee":30,"currency":"USD","presented_amount":null,"presented_currency":null,"occurred_at":"2026-11-01T03:59:59Z","occurred_on":"2026-10-31","available_on":"2026-11-03","payout_id":"po_1","file":"october.csv","line":2}',
    '{"quarantine":{"line":3,"reason":"gross is \'x\', expected an amount in USD such as -12.34","raw":"balance_transaction_id=txn_2,created_utc=2026-11-01 04:00:00,currency=usd,gross=x,fee=0.00,reporting_category=refund,source_id=re_2,charge_id=ch_1"}}',
    '{"processor":"STRIPE","account":"main","transaction_id":"txn_3","type":"other","refund_id":null,"payment_id":[],"references":[],"amount":-900719925474099,"refund_fee":0,"returned_fee":0,"currency":"JPY","presented_amount":null,"presented_currency":null,"occurred_at":"2026-11-01T04:00:00Z","occurred_on":"2026-11-01","available_on":null,"payout_id":null,"file":"october.csv","line":4}',
  ])
})

test('a file that is refused at its very end prints no row', async () => {
  const lines = Array.from({ length: 5000 }, (_, n) => `txn_${n},2026-11-01 04:00:00,,usd,-1.00,0,refund,re_1,ch_1,`)
  const { text, problem } = await shown([STRIPE_HEADER, ...lines, 'txn_x,2026'], '')
  expect(text).toBe('')
  expect(problem).toBe(
    'october.csv is cut off: its last line, 5002, has 2 of the 10 cells of a stripe-itemized line and no line end; get the file again',
  )
})

test('a file with a header alone previews as nothing', async () => {
  expect(await shown([STRIPE_HEADER])).toEqual({ text: '', problem: null })
})
