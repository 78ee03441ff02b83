/** The sandbox's books: what is in them, what was refunded, and the file that keeps them over a restart. */

import { existsSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { loadSeed, readSeed, type Seed, type SeedBill, type SeedBusiness, type SeedInvoice } from './seed.ts'

export type RefundKind = 'invoices' | 'bills'

/** One refund: its JSON, and what the listing and the arithmetic need of it. */
export interface Entry {
  id: string
  external_id: string | null
  completed_at: string
  /** of the instant, for sorting; '' where it cannot be read */
  sorted_at: string
  /** what it refunds: ids and external ids of documents, line items and payments, with the amount */
  targets: readonly { keys: readonly string[]; amount: number }[]
  json: string
}

export interface Books {
  business(id: string): BusinessBooks | null
  /** Writes the file, if there is one; returns when it is written. */
  persist(): Promise<void>
  /** Returns when nothing is being written. */
  settled(): Promise<void>
}

export interface BusinessBooks {
  id: string
  closed_before: string | null
  invoices: readonly SeedInvoice[]
  bills: readonly SeedBill[]
  /** by (completed_at, id) */
  refunds(kind: RefundKind): readonly Entry[]
  byExternalId(kind: RefundKind, external_id: string): Entry | null
  /** Adds a refund, or puts it in the place of the one with its id. */
  put(kind: RefundKind, refund: Readonly<Record<string, unknown>>): Entry
  /** How much has been refunded of the thing with this id. */
  refundedOf(kind: RefundKind, key: string, except: string | null): number
}

const TARGET_FIELDS = [
  ...['invoice_id', 'invoice_line_item_id', 'invoice_payment_id', 'bill_id', 'bill_line_item_id', 'bill_payment_id'],
] as const

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function entryOf(refund: Readonly<Record<string, unknown>>): Entry {
  const completed_at = typeof refund['completed_at'] === 'string' ? refund['completed_at'] : ''
  const millis = Date.parse(completed_at)
  const allocations = Array.isArray(refund['allocations']) ? refund['allocations'].filter(isRecord) : []
  return {
    id: typeof refund['id'] === 'string' ? refund['id'] : '',
    external_id: typeof refund['external_id'] === 'string' ? refund['external_id'] : null,
    completed_at,
    sorted_at: Number.isNaN(millis) ? '' : new Date(millis).toISOString(),
    targets: allocations.map((allocation) => ({
      keys: TARGET_FIELDS.map((field) => allocation[field]).filter((id) => typeof id === 'string'),
      amount: typeof allocation['amount'] === 'number' ? allocation['amount'] : 0,
    })),
    json: JSON.stringify(refund),
  }
}

const inOrder = (a: Entry, b: Entry): number =>
  a.sorted_at < b.sorted_at ? -1 : a.sorted_at > b.sorted_at ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0

function openBusiness(seed: SeedBusiness): BusinessBooks {
  const lists = { invoices: seed.invoice_refunds.map(entryOf), bills: seed.bill_refunds.map(entryOf) }
  lists.invoices.sort(inOrder)
  lists.bills.sort(inOrder)
  return {
    id: seed.id,
    closed_before: seed.closed_before,
    invoices: seed.invoices,
    bills: seed.bills,
    refunds: (kind) => lists[kind],
    byExternalId: (kind, external_id) => lists[kind].find((entry) => entry.external_id === external_id) ?? null,
    put(kind, refund) {
      const entry = entryOf(refund)
      lists[kind] = [...lists[kind].filter((other) => other.id !== entry.id), entry].sort(inOrder)
      return entry
    },
    refundedOf(kind, key, except) {
      let sum = 0
      for (const entry of lists[kind]) {
        if (entry.id === except) continue
        for (const target of entry.targets) if (target.keys.includes(key)) sum += target.amount
      }
      return sum
    },
  }
}

/**
 * Opens the books from a seed (an object, or the path of a JSON file), or from the file they were kept in if it is
 * there already.
 */
export async function openBooks(seed: Seed | string, persist: string | null): Promise<Books> {
  const seeds =
    persist !== null && existsSync(persist)
      ? await loadSeed(persist)
      : typeof seed === 'string'
        ? await loadSeed(seed)
        : readSeed(seed, 'the seed')
  const businesses = new Map(seeds.map((each) => [each.id, { seed: each, books: openBusiness(each) }]))
  let writing: Promise<void> = Promise.resolve()

  const write = async (path: string): Promise<void> => {
    const content = [...businesses.values()].map(({ seed: { id, name, closed_before, invoices, bills }, books }) => ({
      ...{ id, name, closed_before, invoices, bills },
      invoice_refunds: books.refunds('invoices').map(({ json }): unknown => JSON.parse(json)),
      bill_refunds: books.refunds('bills').map(({ json }): unknown => JSON.parse(json)),
    }))
    // never half a file: written beside it, then put in its place
    await writeFile(`${path}.part`, `${JSON.stringify({ businesses: content }, null, 1)}\n`)
    await rename(`${path}.part`, path)
  }

  return {
    business: (id) => businesses.get(id)?.books ?? null,
    persist() {
      if (persist !== null) writing = writing.then(() => write(persist))
      return writing
    },
    settled: () => writing,
  }
}
