/** Refunds of formats that state what was refunded of a payment so far, and no refund by itself. */

/** Stands in such a row's transaction id between its payment and the total, in minor units: 'PAYMENT:refunded:1200'. */
export const TOTAL_MARK = ':refunded:'
