/** Ten thousand findings, for what only shows in numbers. */

import type { Database } from '../../src/database/connect.ts'

export const MANY = '9a1c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a09'

/** Stores a business with so many refunds that the ledger does not have, of 1.01, 1.02, 1.03... USD. */
export const storeMany = async (database: Database, count: number): Promise<void> => {
  await database.query(`
    insert into business values ('${MANY}', 'Many Refunds', 'USD', 'UTC', 2, false);
    insert into processor_file (business_id, file_id, processor, account, name, sha256, bytes, format, imported_at, records,
                                accepted, known, quarantined, covers_from, covers_to, coverage_source, totals, totals_hold, categories, brought)
      overriding system value values ('${MANY}', 90, 'STRIPE', 'main', 'stripe.csv', 'ee', 1, 'stripe-itemized', '2026-11-02T16:00:04Z',
        ${count}, ${count}, 0, 0, '2026-08-01', '2026-10-31', 'dates', '[]', true, '[]', '[]');
    insert into processor_row
      select '${MANY}', 1000000 + i, 'STRIPE', 'main', 'txn_' || md5(i::text), 'refund', 'refund', 're_' || i, array['ch_' || i], '{}',
             100 + i, 0, 0, 'USD', null, '2026-08-01'::date + (i % 90)::int, null, null, 90, i + 1
      from generate_series(1, ${count}) as i;
    insert into discrepancy
      select '${MANY}', md5('many ' || i), (array['MISSING_IN_LEDGER', 'AWAITING_LEDGER'])[1 + i % 2], 'customer', 'STRIPE', 'USD', null, 'open',
             '2026-08-01'::date + (i % 90)::int, null, '2026-11-01T16:00:00Z', '2026-11-02T16:00:00Z', false
      from generate_series(1, ${count}) as i;
    insert into discrepancy_row select '${MANY}', md5('many ' || i), 1000000 + i from generate_series(1, ${count}) as i;
    insert into discrepancy_effect
      select '${MANY}', md5('many ' || i), to_char('2026-08-01'::date + (i % 90)::int, 'YYYY-MM'), 'STRIPE', 'USD', -100 - i, 0, 0
      from generate_series(1, ${count}) as i;
    insert into reconciliation values ('${MANY}', '2026-11-02T16:00:00Z', '2026-11-02T16:00:08Z', 0, 0, '')`)
}
