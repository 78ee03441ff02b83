/** Ten thousand findings, for what only shows in numbers. */

import type { Database } from '../../src/database/connect.ts'

export const MANY = '9a1c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a09'

/** Stores a business with so many refunds that the ledger does not have, of 1.01, 1.02, 1.03... USD. */
export const storeMany = async (database: Database, count: number): Promise<void> => {
  await database.query(`
    insert into business (business_id, name, currency, time_zone, ledger_lag_days) values ('${MANY}', 'Many Refunds', 'USD', 'UTC', 2);
    insert into processor_file (business_id, file_id, processor, account, name, path, sha256, bytes, format, as_of, imported_at, records,
                                accepted, known, quarantined, covers_from, covers_to, coverage_source, totals, totals_hold, categories, brought)
      overriding system value values ('${MANY}', 90, 'STRIPE', 'main', 'stripe.csv', 'stripe.csv', 'ee', 1, 'stripe-itemized', '2026-11-02T16:00:00Z', '2026-11-02T16:00:04Z',
        ${count}, ${count}, 0, 0, '2026-08-01', '2026-10-31', 'dates', '[]', true, '[]', '[]');
    insert into processor_row (business_id, row_no, processor, account, transaction_id, type, category, refund_id, payment_ids,
                               reference_ids, amount, refund_fee, returned_fee, currency, occurred_on, file_id, line)
      select '${MANY}', 1000000 + i, 'STRIPE', 'main', 'txn_' || md5(i::text), 'refund', 'refund', 're_' || i, array['ch_' || i], '{}',
             100 + i, 0, 0, 'USD', '2026-08-01'::date + (i % 90)::int, 90, i + 1
      from generate_series(1, ${count}) as i;
    insert into discrepancy (business_id, discrepancy_id, code, direction, processor, currency, leg_nos, row_nos, status, dated_on,
                             first_seen_at, last_seen_at)
      select '${MANY}', md5('many ' || i), (array['MISSING_IN_LEDGER', 'AWAITING_LEDGER'])[1 + i % 2], 'customer', 'STRIPE', 'USD',
             '{}', array[1000000 + i], 'open', '2026-08-01'::date + (i % 90)::int, '2026-11-01T16:00:00Z', '2026-11-02T16:00:00Z'
      from generate_series(1, ${count}) as i;
    insert into discrepancy_effect
      select '${MANY}', md5('many ' || i), to_char('2026-08-01'::date + (i % 90)::int, 'YYYY-MM'), 'STRIPE', 'USD', -100 - i, 0, 0
      from generate_series(1, ${count}) as i;
    insert into reconciliation
      select business_id, '2026-11-02T16:00:00Z', '2026-11-02T16:00:08Z', 0, hash, '' from matching_settings where business_id = '${MANY}'`)
}
