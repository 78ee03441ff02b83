/** A pull of Layer's listing from the sandbox, beside JSON.parse and a COPY of what it brings. */

import { openSession } from '../../src/database/connect.ts'
import { copyRows } from '../../src/database/copy.ts'
import type { Bench } from './bench.ts'
import { BUSINESS, configure, openDesk, TOKEN, tieout, timed } from './job.ts'
import { startLayer } from './layer.ts'
import { writeListing, yearOf } from './refunds.ts'
import { byTurns, type Run } from './timing.ts'

const ROUNDS = 2

/** What the ledger keeps of a refund, in two typed tables with their keys. */
const BOOKED = `
  drop table if exists booked_refund, booked_leg;
  create table booked_refund (
    refund_id text collate "C" primary key, external_id text, refunded_amount bigint, status text, completed_at timestamptz,
    reference_number text, reference_keys text[], raw json);
  create table booked_leg (
    refund_id text collate "C", leg_id text collate "C", external_id text, processor text, method text, amount bigint,
    fee bigint, completed_at timestamptz, unique (refund_id, leg_id))`
const REFUND = 'refund_id,external_id,refunded_amount,status,completed_at,reference_number,reference_keys,raw'.split(
  ',',
)
const LEG = 'refund_id,leg_id,external_id,processor,method,amount,fee,completed_at'.split(',')

interface Parsed {
  id: string
  external_id: string | null
  refunded_amount: number
  status: string
  completed_at: string
  reference_number: string | null
  allocations: { invoice_payment_external_id: string; invoice_external_id: string }[]
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

/** Reads the pages: JSON.parse of each refund, and a COPY of the rows into each table. */
async function parseAndCopy(url: string, layer_url: string): Promise<void> {
  const [refunds, legs] = [await openSession(url), await openSession(url)]
  const refund_copy = copyRows(refunds, 'booked_refund', REFUND)
  const leg_copy = copyRows(legs, 'booked_leg', LEG)
  for await (const page of pagesOf(layer_url)) {
    for (const text of textsOf(page)) {
      const refund: Parsed = JSON.parse(text)
      const keys = refund.allocations.flatMap((one) => [one.invoice_payment_external_id, one.invoice_external_id])
      const { id, external_id, refunded_amount, status, completed_at, reference_number } = refund
      const waiting = refund_copy.write([
        ...[id, external_id, refunded_amount, status, completed_at, reference_number, keys, text],
      ])
      if (waiting) await waiting
      for (const leg of refund.payments) {
        const { processor, method, fee } = leg
        const also = leg_copy.write([
          ...[id, leg.id, leg.external_id, processor, method, leg.refunded_amount, fee, leg.completed_at],
        ])
        if (also) await also
      }
    }
  }
  await Promise.all([refund_copy.end(), leg_copy.end()])
  await Promise.all([refunds.close(), legs.close()])
}

/** Reads all pages and keeps nothing: how long the sandbox itself takes. */
async function readPages(url: string): Promise<void> {
  let bytes = 0
  for await (const page of pagesOf(url)) bytes += page.length
  if (bytes === 0) throw new Error('the sandbox gave nothing')
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
  const layer = await startLayer(bench, listing)
  const bare = await server.fresh('bare')
  const base = async (): Promise<Run> => {
    const session = await openSession(bare.url)
    await session.query(BOOKED)
    await session.close()
    return await timed(server, async () => await parseAndCopy(bare.url, layer.url))
  }
  const { bases, jobs } = await byTurns(ROUNDS, base, async () => {
    const { url, drop } = await server.fresh('migrated')
    await configure(desk, url, layer.url)
    const run = await tieout(places, server, desk, ['pull'])
    const { businesses } = run.document as Pulled
    const pulled = businesses[0]?.pulls.find(({ direction }) => direction === 'customer')
    if (pulled?.complete !== true || pulled.refunds !== size) throw new Error(`pulled ${JSON.stringify(pulled)}`)
    await drop()
    return run
  })
  const served = [await timed(server, async () => await readPages(layer.url))]
  bench.note({
    ...{ measure: 'pull from the sandbox', size, jobs, bases, at_most: 2 },
    against: 'the same pages read, JSON.parse per refund, COPY of the rows',
  })
  bench.note({
    ...{ measure: 'of it: the sandbox, pages read and dropped', size, jobs: served, at_most: null },
    ...{ against: 'the pull', bases: jobs },
  })
  await bare.drop()
}
