/** Reports of processors that are known by their header and hold no refunds that could be tied out: why, and what to get instead. */

import { headerIndex } from '../read/columns.ts'
import type { CsvRecord } from './format.ts'

interface OtherReport {
  /** as in 'it is Checkout.com's payouts report' */
  title: string
  /** all of these are in its header */
  columns: readonly string[]
  why: string
}

const OTHER_REPORTS: readonly OtherReport[] = [
  {
    title: "Checkout.com's payouts report",
    columns: ['Payout ID', 'Payout Amount', 'Reporting Start Date', 'Merchant Payout Fees', 'Refunds'],
    why: 'it has totals of a payout and no refunds; get the financial actions (checkout-financial-actions) instead',
  },
  {
    title: "dLocal's transaction report",
    columns: ['Creation date', 'Settlement date', 'Net Amount (local)', 'Amount (USD)', 'Transaction Reference', 'IOF'],
    why:
      'of a refund it has the local amount and not what was settled; get the cross-border settlement report ' +
      '(dlocal-settlement) instead, or where the local amount will do, say in tieout.yaml which column is what',
  },
  {
    title: "Shopify's list of payouts",
    columns: ['Payout Date', 'Status', 'Charges', 'Refunds', 'Adjustments', 'Total', 'Currency'],
    why: 'it has totals of a payout and no refunds; export the transactions of the payouts (shopify-payments) instead',
  },
  {
    title: "Square's report of items sold",
    columns: ['Date', 'Time Zone', 'Item', 'Qty', 'Gross Sales', 'Transaction ID', 'Event Type'],
    why: 'a refund is spread over its items there, without tips and fees; export the transactions (square-transactions) instead',
  },
  {
    title: "Stripe's payments export",
    columns: ['id', 'Amount', 'Amount Refunded', 'Currency', 'Status'],
    why: 'it has what was refunded of a payment in all and no refunds; get an itemized report (stripe-itemized) instead',
  },
]

/** What a file is whose head is that of such a report: a sentence to go behind its name; null where it is none of them. */
export const otherReport = (heads: readonly (readonly CsvRecord[])[]): string | null => {
  for (const { title, columns, why } of OTHER_REPORTS) {
    if (heads.some((head) => headerIndex(head, ...columns) !== null)) return `it is ${title}, which is not read: ${why}`
  }
  return null
}
