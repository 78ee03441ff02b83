/** The first pull of Layer's listing from the sandbox, and the same again, beside what a script would do. */

import { hash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { openSession } from '../../src/database/connect.ts'
import type { Bench } from './bench.ts'
import { type CopyTarget, copyRows } from './copy-text.ts'
import { BUSINESS, configure, type JobRun, openDesk, TOKEN, tieout, timed } from './job.ts'
import { startLayer } from './layer.ts'
import { writeListing, yearOf } from './refunds.ts'
import { byTurns, type Run } from './timing.ts'

const ROUNDS = 2

/** The columns of the ledger that a script fills from a refund, in the ledger's own tables; the contents as text. */
const CONTENTS = 'drop table if exists content; create table content (refund_id text collate "C" primary key, raw text)'
const REFUND =
  'business_id,direction,refund_id,content_hash,external_id,refunded_amount,status,completed_at,completed_on,reference_number,reference_keys,payment_keys,allocation_amounts,allocation_line_sums,allocations_sum,payments_sum,content_pull_id,content_page,content_place,first_pull_id,changed_pull_id,last_pull_id'.split(
    ',',
  )
const LEG =
  'business_id,direction,refund_id,leg_id,ordinal,external_id,processor_named,method,amount,refund_fee,returned_fee,completed_at,completed_on,identity_keys,payment_keys'.split(
    ',',
  )

interface Parsed {
  id: string
  external_id: string | null
  refunded_amount: number
  status: string
  completed_at: string
  reference_number: string | null
  allocations: { amount: number; invoice_payment_external_id: string; invoice_external_id: string }[]
  payments: {
    id: string
    external_id: string
    processor: string
    method: string
    refunded_amount: number
    fee: number
    completed_at: string
  }[]
}

/** The bodies of all pages of the listing, as text. */
async function* pagesOf(url: string): AsyncGenerator<string> {
  const first = `${url}/v1/businesses/${BUSINESS}/invoices/refunds`
  for (let next: string | null = first; next !== null; ) {
    const response = await fetch(next, { headers: { authorization: `Bearer ${TOKEN}` } })
    const page = await response.text()
    yield page
    const cursor = /"cursor":"([^"]+)"/.exec(page.slice(-500))?.[1]
    next = cursor === undefined ? null : `${first}?cursor=${cursor}`
  }
}

/** How the sandbox begins each refund; what stands before the first and after the last of a page is not one. */
const BEGIN = '{"type":"Customer_Refund",'

/** The JSON texts of a page's refunds, cut at what the sandbox is known to write: nothing is checked. */
function textsOf(page: string): string[] {
  const [, ...rest] = page.split(BEGIN)
  return rest.map((text, index) => {
    const end = index === rest.length - 1 ? text.lastIndexOf('],"meta"') : text.length - 1
    return `${BEGIN}${text.slice(0, end)}`
  })
}

/** Reads the pages: JSON.parse of each refund, and a COPY of the rows into each table, all three at the same time. */
async function parseAndCopy(url: string, layer_url: string): Promise<void> {
  const sessions = await Promise.all([openSession(url), openSession(url), openSession(url)])
  const [refunds, legs, contents] = sessions
  const refund_copy = copyRows(refunds, 'ledger_refund', REFUND)
  const leg_copy = copyRows(legs, 'ledger_leg', LEG)
  const content_copy = copyRows(contents, 'content', ['refund_id', 'raw'])
  const write = async (copy: CopyTarget, row: Parameters<CopyTarget['write']>[0]): Promise<void> => {
    const full = copy.write(row)
    if (full !== undefined) await full
  }
  for await (const page of pagesOf(layer_url)) {
    for (const text of textsOf(page)) {
      const refund: Parsed = JSON.parse(text)
      const payments = refund.allocations.map((one) => one.invoice_payment_external_id)
      const keys = refund.allocations.flatMap((one) => [one.invoice_payment_external_id, one.invoice_external_id])
      const sum = refund.allocations.reduce((sum, { amount }) => sum + amount, 0)
      const { id, external_id, refunded_amount, status, completed_at, reference_number } = refund
      const content_hash = hash('sha256', text, 'base64url').slice(0, 22)
      await write(refund_copy, [
        ...[BUSINESS, 'customer', id, content_hash, external_id, refunded_amount, status, completed_at],
        ...[completed_at.slice(0, 10), reference_number, keys, payments],
        ...[`{${refund.allocations.map(({ amount }) => amount)}}`, '{NULL}', sum, sum, 1, 1, 1, 1, 1, 1],
      ])
      for (const [ordinal, leg] of refund.payments.entries()) {
        const { processor, method, fee } = leg
        await write(leg_copy, [
          ...[BUSINESS, 'customer', id, leg.id, ordinal, leg.external_id, processor, method, leg.refunded_amount],
          ...[fee, 0, leg.completed_at, leg.completed_at.slice(0, 10), [leg.external_id], payments],
        ])
      }
      await write(content_copy, [id, text])
    }
  }
  await Promise.all([refund_copy.end(), leg_copy.end(), content_copy.end()])
  await Promise.all(sessions.map((session) => session.close()))
}

/** Reads all pages with JSON.parse, as a script would to see whether anything is new. */
async function parsePages(url: string): Promise<void> {
  let refunds = 0
  for await (const page of pagesOf(url)) refunds += (JSON.parse(page) as { data: unknown[] }).data.length
  if (refunds === 0) throw new Error('the sandbox gave nothing')
}

interface Pulled {
  businesses: { pulls: { direction: string; complete: boolean; refunds: number }[] }[]
}

export async function measurePull(bench: Bench): Promise<void> {
  const { places, server, asked } = bench
  const size = asked.refunds
  const desk = await openDesk(bench)
  const listing = desk.path('listing.jsonl')
  await writeListing(listing, yearOf(size), () => true)
  await writeFile(desk.path('empty.jsonl'), '')
  const layer = await startLayer(bench, [{ business_id: BUSINESS, listing }])
  const empty = await startLayer(bench, [{ business_id: BUSINESS, listing: desk.path('empty.jsonl') }])

  const pullFrom = async (url: string, layer_url: string, expected: number): Promise<JobRun> => {
    await configure(desk, url, layer_url)
    const run = await tieout(places, server, desk, ['pull'])
    const { businesses } = run.document as Pulled
    const pulled = businesses[0]?.pulls.find(({ direction }) => direction === 'customer')
    if (pulled?.complete !== true || pulled.refunds !== expected) throw new Error(`pulled ${JSON.stringify(pulled)}`)
    return run
  }
  const copied = async (): Promise<Run> => {
    const { url, database, drop } = await server.fresh('migrated')
    await database.query(CONTENTS)
    const run = await timed(server, async () => await parseAndCopy(url, layer.url))
    await drop()
    return run
  }
  const first = await byTurns(ROUNDS, copied, async () => {
    const { url, drop } = await server.fresh('migrated')
    const run = await pullFrom(url, layer.url, size)
    await drop()
    return run
  })
  bench.note({
    ...{ measure: 'first pull from the sandbox', size, ...first, at_most: 2 },
    against: 'the same pages read, JSON.parse per refund, COPY into the same tables with their indexes',
  })

  const { url, database, drop } = await server.fresh('migrated')
  const start = await pullFrom(url, empty.url, 0)
  await pullFrom(url, layer.url, size)
  const [room] = await database.query<{ bytes: bigint }>(
    'select sum(pg_total_relation_size(name))::bigint as bytes from unnest($1::regclass[]) as name',
    [['ledger_refund', 'ledger_leg', 'ledger_page', 'ledger_refund_version']],
  )
  console.log(`  room of the ledger side: ${Math.round(Number(room?.bytes ?? 0) / size)} bytes a refund`)
  const again = await byTurns(
    ROUNDS,
    async () => await timed(server, async () => await parsePages(layer.url)),
    async () => {
      const run = await pullFrom(url, layer.url, size)
      const less = (own: number | null, of_start: number | null): number => (own ?? 0) - (of_start ?? 0)
      return {
        ...{ seconds: less(run.seconds, start.seconds), peak_mb: run.peak_mb },
        cpu_seconds: less(run.cpu_seconds, start.cpu_seconds),
      }
    },
  )
  bench.note({
    ...{ measure: 'the same pull again, without the start of the job', size, ...again, at_most: 2 },
    against: 'the same pages read with JSON.parse',
  })
  await drop()
}
