/** Objects that appear inside refunds, in the fields that Layer's pages show for each kind of refund. */

import type { RefundKind } from './books.ts'
import type { SeedBill, SeedInvoice } from './seed.ts'

export interface TagWritten {
  key: string
  value: string
}

/** What makes ids: random in earnest, counted in tests. */
export type NewId = () => string

/** Customer refunds and vendor refunds show tags in two vintages. */
export const tags = (kind: RefundKind, written: readonly TagWritten[], new_id: NewId, now: string): object[] =>
  written.map(({ key, value }) =>
    kind === 'invoices'
      ? { id: new_id(), key, value, created_at: now, updated_at: now, deleted_at: null }
      : {
          id: new_id(),
          key,
          value,
          display_name: null,
          dimension_id: new_id(),
          definition_id: new_id(),
          archived_at: null,
        },
  )

const party = (from: Readonly<Record<string, unknown>>, text: 'notes' | 'memo'): object => ({
  id: from['id'],
  external_id: from['external_id'] ?? null,
  individual_name: from['individual_name'] ?? null,
  company_name: from['company_name'] ?? null,
  email: from['email'] ?? null,
  mobile_phone: from['mobile_phone'] ?? null,
  office_phone: from['office_phone'] ?? null,
  address_string: from['address_string'] ?? null,
  [text]: from[text] ?? null,
  status: from['status'] ?? 'ACTIVE',
  transaction_tags: from['transaction_tags'] ?? [],
})

export const customer = (invoice: SeedInvoice): object | null =>
  invoice.customer === null ? null : party(invoice.customer, 'notes')

export const vendor = (bill: SeedBill): object | null => (bill.vendor === null ? null : party(bill.vendor, 'memo'))

/** An account by its id alone. */
export const accountIdentifier = (id: string): object => ({ type: 'AccountId', id })

/** An account in full, as vendor refunds show it. */
export const account = (id: string): object => ({
  id: accountIdentifier(id),
  name: 'Current Assets',
  stable_name: { type: 'StableName', stable_name: 'CURRENT_ASSETS' },
  normality: 'CREDIT',
  account_type: { value: 'ASSET', display_name: 'Asset' },
  account_subtype: { value: 'BANK_ACCOUNTS', display_name: 'Current Assets' },
})

/** Accounts of a sandbox that the seed does not name. */
export const CLEARING_ACCOUNT = '00000000-0000-4000-8000-000000000001'
export const REVENUE_ACCOUNT = '00000000-0000-4000-8000-000000000002'
export const EXPENSE_ACCOUNT = '00000000-0000-4000-8000-000000000003'
