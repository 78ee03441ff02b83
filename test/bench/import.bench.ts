import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ImportDesk, openDesk } from '../support/import.ts'
import { note, seconds, tell } from './measure.ts'

const LINES = Number(process.env['TIEOUT_BENCH'] ?? 200_000)
const COLUMNS =
  'balance_transaction_id,created_utc,created,available_on_utc,available_on,currency,gross,fee,net,reporting_category,source_id,description,customer_facing_amount,customer_facing_currency,charge_id,payment_intent_id,payment_metadata[order_id]'

let desk: ImportDesk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(async () => {
  await desk.close()
  tell('import')
})

const two = (number: number): string => String(number).padStart(2, '0')

/** A Stripe report of `count` refunds, numbered from `first`: about 240 bytes a line. */
async function writeReport(name: string, first: number, count: number): Promise<string> {
  const path = join(desk.folder, name)
  const out = createWriteStream(path)
  out.write(`${COLUMNS}\n`)
  for (let number = first; number < first + count; number += 1) {
    const id = String(number).padStart(20, '0')
    const at = `2026-${two(1 + (number % 10))}-${two(1 + (number % 28))} 12:${two(number % 60)}:00`
    const amount = `-${5 + (number % 900)}.${two(number % 100)}`
    const line = `txn_${id},${at},${at},${at},${at},usd,${amount},0.00,${amount},refund,re_${id},"refund, as agreed",${amount},usd,ch_${id},pi_${id},order-${number}\n`
    if (!out.write(line)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
  return path
}

const TYPED = `
  create table typed (
    balance_transaction_id text collate "C" unique, created_utc timestamp, created timestamp, available_on_utc timestamp,
    available_on timestamp, currency text, gross numeric, fee numeric, net numeric, reporting_category text, source_id text,
    description text, customer_facing_amount numeric, customer_facing_currency text, charge_id text, payment_intent_id text,
    order_id text)`

test('import of a Stripe report', async () => {
  const path = await writeReport('report.csv', 0, LINES)
  const overlapping = await writeReport('overlapping.csv', Math.floor(LINES / 100), LINES)
  await desk.database.query(TYPED)
  const copied = await seconds(
    async () =>
      await desk.database.transaction(async (db) => {
        await pipeline(createReadStream(path), db.copyFrom('copy typed from stdin with (format csv, header)'))
      }),
  )
  const first = await seconds(async () => expect((await desk.take(path)).accepted).toBe(BigInt(LINES)))
  note({
    measure: 'import',
    size: LINES,
    seconds: first,
    against: 'COPY of the file into a typed table with the unique index',
    against_seconds: copied,
    at_most: 2,
  })
  const again = await seconds(async () => expect((await desk.take(path)).outcome).toBe('already'))
  note({
    measure: 'the same file again',
    size: LINES,
    seconds: again,
    against: 'its import',
    against_seconds: first,
    at_most: 0.05,
  })
  const most = await seconds(async () =>
    expect((await desk.take(overlapping)).accepted).toBe(BigInt(Math.floor(LINES / 100))),
  )
  note({
    measure: 'an overlapping file, 1 % new',
    size: LINES,
    seconds: most,
    against: 'the first import',
    against_seconds: first,
    at_most: 0.6,
  })
})
