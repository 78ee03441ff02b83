/** What a sandbox begins with: businesses with their invoices, bills and refunds, as an object or a JSON file. */

import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { UsageFault } from '../core/errors.ts'

const cents = z.number().int().nonnegative()
const text = z.string().nullish().default(null)

/** A customer or a vendor, of whom any field may be missing. */
const party = z.looseObject({ id: z.string().min(1) })

const lineItem = z.object({ id: z.string().min(1), external_id: text, amount: cents, account_id: text })

const payment = z.object({
  id: z.string().min(1),
  external_id: text,
  amount: cents,
  method: text,
  processor: text,
  completed_at: text,
})

const document = {
  id: z.string().min(1),
  external_id: text,
  /** no refund can be made of it */
  deleted: z.boolean().default(false),
  line_items: z.array(lineItem).default([]),
  payments: z.array(payment).default([]),
}

const invoice = z.object({ ...document, customer: party.nullish().default(null) })
const bill = z.object({ ...document, vendor: party.nullish().default(null) })

/** Served as it stands, whatever it is: a sandbox must be able to show what is wrong in real books. */
const refund = z.record(z.string(), z.unknown())

const business = z.object({
  id: z.string().min(1),
  name: z.string().default(''),
  /** refunds completed before this date ('YYYY-MM-DD') are refused: the period is closed */
  closed_before: z.iso.date().nullish().default(null),
  invoices: z.array(invoice).default([]),
  bills: z.array(bill).default([]),
  invoice_refunds: z.array(refund).default([]),
  bill_refunds: z.array(refund).default([]),
})

const seedSchema = z.object({ businesses: z.array(business) })

export type Seed = z.input<typeof seedSchema>
export type SeedBusiness = z.output<typeof business>
export type SeedInvoice = z.output<typeof invoice>
export type SeedBill = z.output<typeof bill>

/** Checks a seed. Throws UsageFault with the place of the first five faults. */
export function readSeed(seed: unknown, place: string): SeedBusiness[] {
  const read = seedSchema.safeParse(seed)
  if (read.success) return read.data.businesses
  const faults = read.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.') || 'the seed'}: ${issue.message}`)
  throw new UsageFault(`${place} is no seed of the sandbox: ${faults.join('; ')}`)
}

/** Reads a seed file. */
export async function loadSeed(path: string): Promise<SeedBusiness[]> {
  let content: unknown
  try {
    content = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is not JSON' : error instanceof Error ? error.message : 'unreadable'
    throw new UsageFault(`${path} cannot be read as a seed of the sandbox: ${why}`)
  }
  return readSeed(content, path)
}
