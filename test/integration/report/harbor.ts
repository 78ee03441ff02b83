/** Harbor Coffee's October 2026, put into the tables by hand: what a run would have stored. */

import type { Database } from '../../../src/database/connect.ts'

export const HARBOR = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'

const settings = `
insert into business (business_id, name, currency, time_zone, ledger_lag_days) values
  ('${HARBOR}', 'Harbor Coffee', 'USD', 'America/New_York', 2);
insert into processor_setting (business_id, processor, settlement_lag_days, date_window_days, amount_tolerance, fee_tolerance, refund_id_pattern) values
  ('${HARBOR}', 'STRIPE', 5, 3, 0, 0, null),
  ('${HARBOR}', 'BILLPAY', 5, 3, 0, 0, '^RF[0-9]{6}$');
insert into processor_account (business_id, processor, account, coverage_hole_days) values
  ('${HARBOR}', 'STRIPE', 'main', 3), ('${HARBOR}', 'STRIPE', 'eu', 3), ('${HARBOR}', 'BILLPAY', '', 3);
insert into processor_alias values ('${HARBOR}', 'STRIPE_CONNECT', 'STRIPE');
insert into exchange_rate values ('${HARBOR}', '2026-10-12', 'EUR', 'USD', 1.0850, 1.0850);
insert into run (business_id, run_id, job, as_of, started_at, finished_at, outcome, problem) overriding system value values
  ('${HARBOR}', 1, 'nightly', '2026-11-01T16:00:00Z', '2026-11-01T16:00:01Z', '2026-11-01T16:00:09Z', 'failed', 'no answer'),
  ('${HARBOR}', 2, 'nightly', '2026-11-02T16:00:00Z', '2026-11-02T16:00:01Z', '2026-11-02T16:00:09Z', 'done', null);
insert into pull (business_id, pull_id, direction, as_of, started_at, finished_at, complete, maybe_cut, refunds,
                  quarantined, empty_legs, pages, bytes, sha256, problem) overriding system value values
  ('${HARBOR}', 1, 'customer', '2026-10-15T16:00:00Z', '2026-10-15T16:00:01Z', '2026-10-15T16:00:02Z', true, false, 3, 1, 0, 1, 900, 'aa', null),
  ('${HARBOR}', 2, 'customer', '2026-11-02T16:00:00Z', '2026-11-02T16:00:01Z', '2026-11-02T16:00:02Z', true, true, 100, 1, 2, 1, 9000, 'bb', null),
  ('${HARBOR}', 3, 'vendor', '2026-11-02T16:00:00Z', '2026-11-02T16:00:02Z', '2026-11-02T16:00:03Z', false, false, 0, 0, 0, 1, 12, 'cc', 'the answer broke off after 12 bytes');
insert into processor_file (business_id, file_id, processor, account, name, path, sha256, bytes, format, state, as_of, imported_at, records,
                            accepted, known, quarantined, covers_from, covers_to, coverage_source, totals, totals_hold, categories,
                            brought)
  overriding system value values
  ('${HARBOR}', 1, 'STRIPE', 'main', 'stripe-october.csv', 'inbox/stripe-october.csv', 'dd', 5000, 'stripe-itemized', 'imported', '2026-11-02T16:00:00Z', '2026-11-02T16:00:04Z', 8, 7, 0, 1,
   '2026-10-01', '2026-10-31', 'dates', '[{"name":"lines","stated":"9","read":"8","holds":false}]', false,
   '[{"category":"refund","type":"refund","currency":"USD","count":7,"amount":9007199254740993}]',
   '[{"currency":"USD","rows":"3","first_id":"txn_11","last_id":"txn_32","amount":"10500"}]'),
  ('${HARBOR}', 2, 'STRIPE', 'eu', 'wrong.csv', 'inbox/wrong.csv', 'ee', 50, 'stripe-itemized', 'withdrawn', '2026-11-02T16:00:00Z', '2026-11-02T16:00:05Z', 1, 0, 0, 1,
   '2026-10-01', '2026-10-31', 'dates', '[]', true, '[]', '[]');`

/** A refund of the ledger; `more` sets further columns to SQL values. */
export const refund = (id: string, amount: string, on: string, more: Readonly<Record<string, string>> = {}): string => {
  const columns = {
    direction: "'customer'",
    refund_id: `'${id}'`,
    content_hash: `'h-${id}'`,
    external_id: `'ext-${id}'`,
    refunded_amount: amount,
    status: "'PAID'",
    completed_on: `'${on}'`,
    reference_keys: "'{}'",
    payment_keys: "'{}'",
    first_pull_id: '1',
    changed_pull_id: '1',
    last_pull_id: '2',
    content_pull_id: '1',
    content_page: '0',
    content_place: '1',
    ...more,
  }
  return `insert into ledger_refund (business_id, ${Object.keys(columns).join(', ')}) values ('${HARBOR}', ${Object.values(columns).join(', ')});`
}

export const leg = (
  no: number,
  refundId: string,
  amount: string,
  at: string,
  on: string,
  processor = 'STRIPE',
): string =>
  `insert into ledger_leg (business_id, leg_no, direction, refund_id, leg_id, ordinal, external_id, processor_named, method, amount, refund_fee, returned_fee, completed_at, completed_on, identity_keys)
   values ('${HARBOR}', ${no}, 'customer', '${refundId}', 'pay_${no}', 0, null, '${processor}', 'CARD', ${amount}, 0, 0, '${at}', '${on}', '{}');`

/** A line of Stripe's file; `more` sets further columns to SQL values. */
export const line = (
  no: number,
  id: string,
  refundId: string,
  amount: string,
  on: string,
  at: number,
  more: Readonly<Record<string, string>> = {},
): string => {
  const columns = {
    row_no: `${no}`,
    processor: "'STRIPE'",
    account: "'main'",
    transaction_id: `'${id}'`,
    type: "'refund'",
    refund_id: `'${refundId}'`,
    payment_ids: "'{ch_1}'",
    reference_ids: "'{}'",
    amount,
    refund_fee: '0',
    returned_fee: '0',
    currency: "'USD'",
    occurred_on: `'${on}'`,
    file_id: '1',
    line: `${at}`,
    ...more,
  }
  return `insert into processor_row (business_id, ${Object.keys(columns).join(', ')}) values ('${HARBOR}', ${Object.values(columns).join(', ')});`
}

interface Finding {
  id: string
  code: string
  legs?: readonly number[]
  rows?: readonly number[]
  refund_id?: string
  month?: string
  measure?: string
  status?: string
  on?: string
  due?: string
  /** month and amount */
  effects?: readonly (readonly [string, string])[]
}

/** The statements that store one finding. */
export const finding = ({
  id,
  code,
  legs = [],
  rows = [],
  refund_id,
  month,
  measure,
  status = 'open',
  on,
  due,
  effects = [],
}: Finding): string => {
  const text = (value: string | undefined): string => (value === undefined ? 'null' : `'${value}'`)
  return [
    `insert into discrepancy (business_id, discrepancy_id, code, direction, processor, currency, refund_id, month, measure, leg_nos, row_nos, status, dated_on, due_on, first_seen_at, last_seen_at)
       values ('${HARBOR}', '${id}', '${code}', 'customer', ${refund_id ? 'null' : "'STRIPE'"}, 'USD', ${text(refund_id)},
       ${text(month)}, ${text(measure)},
       '{${legs.join(',')}}', '{${rows.join(',')}}', '${status}', ${text(on)}, ${text(due)}, '2026-11-01T16:00:00Z', '2026-11-01T16:00:00Z');`,
    ...effects.map(
      ([month, amount]) =>
        `insert into discrepancy_effect values ('${HARBOR}', '${id}', '${month}', 'STRIPE', 'USD', ${amount}, 0, 0);`,
    ),
  ].join('\n')
}

const october = [
  // Stripe refunded 45.00 that the ledger does not have.
  line(11, 'txn_11', 're_11', '4500', '2026-10-14', 37),
  finding({ id: 'd11', code: 'MISSING_IN_LEDGER', rows: [11], on: '2026-10-14', effects: [['2026-10', '-4500']] }),
  // The ledger refunded 50.00 where Stripe refunded 40.00.
  refund('r21', '5000', '2026-10-03', { reference_keys: "'{1001}'", keys_written: `'["#1001"]'` }),
  leg(21, 'r21', '5000', '2026-10-03T15:00:00Z', '2026-10-03', 'STRIPE_CONNECT'),
  line(22, 'txn_22', 're_22', '4000', '2026-10-03', 12, {
    reference_ids: "'{1001}'",
    keys_written: `'{"refund_id": "re_22", "payment_ids": ["ch_1"], "reference_ids": ["#1001"]}'`,
  }),
  finding({
    id: 'd21',
    code: 'AMOUNT_MISMATCH',
    legs: [21],
    rows: [22],
    on: '2026-10-03',
    effects: [['2026-10', '1000']],
  }),
  // Booked on the last evening of September, settled on the first of October: 20.00 in two months.
  refund('r31', '2000', '2026-09-30', { reference_keys: "'{INV-31}'" }),
  leg(31, 'r31', '2000', '2026-10-01T03:30:00Z', '2026-09-30'),
  line(32, 'txn_32', 're_32', '2000', '2026-10-01', 3),
  finding({
    id: 'd31',
    code: 'CUTOFF_MISMATCH',
    legs: [31],
    rows: [32],
    on: '2026-09-30',
    effects: [
      ['2026-09', '2000'],
      ['2026-10', '-2000'],
    ],
  }),
  // 90,071,992,547,409.93 is waiting for Stripe: beyond what a float holds to the cent.
  refund('r41', '9007199254740993', '2026-10-31'),
  leg(41, 'r41', '9007199254740993', '2026-10-31T12:00:00.5Z', '2026-10-31'),
  finding({
    id: 'd41',
    code: 'AWAITING_PROCESSOR',
    legs: [41],
    on: '2026-10-31',
    due: '2026-11-05',
    effects: [['2026-10', '9007199254740993']],
  }),
  // A refund of 30.00 of which 25.00 are allocated; and one whose finding was decided, one that is gone.
  refund('r51', '3000', '2026-10-20', {
    allocation_amounts: "'{2000,500}'",
    allocation_line_sums: "'{2000,400}'",
    allocations_sum: '2500',
    payments_sum: '3000',
    line_items_differ: 'true',
  }),
  finding({ id: 'd51', code: 'ALLOCATION_IMBALANCE', refund_id: 'r51', on: '2026-10-20' }),
  finding({ id: 'd52', code: 'LINE_ITEM_IMBALANCE', refund_id: 'r51', status: 'resolved', on: '2026-10-20' }),
  finding({ id: 'd53', code: 'LEDGER_REFUND_REMOVED', refund_id: 'r51', status: 'cleared', on: '2026-10-20' }),
].join('\n')

const results = `
insert into reconciliation
  select business_id, '2026-11-02T16:00:00Z', '2026-11-02T16:00:08Z', 0, hash, '' from matching_settings where business_id = '${HARBOR}';
insert into tie_out_line (business_id, direction, processor, currency, month, measure, tied, ledger, processor_total, difference, explained, unexplained, gross) values
  ('${HARBOR}', 'customer', 'STRIPE', 'USD', '2026-10', 'amount', null, 9007199254745993, 10500, 9007199254735493, 9007199254735493, 0, 9007199254748493),
  ('${HARBOR}', 'customer', 'STRIPE', 'USD', '2026-09', 'amount', null, 2000, 0, 2000, 2000, 0, 2000);
insert into match_total values ('${HARBOR}', 'customer', 'STRIPE', 'refund_id', 2, 2, 7000, 2);
insert into outside_total values ('${HARBOR}', 'customer', 'CASH', '', 'USD', '2026-10', 1, 700),
  ('${HARBOR}', 'customer', 'OTHER', 'STORE CREDIT', 'USD', '2026-10', 2, 900);
insert into account_coverage values ('${HARBOR}', 'STRIPE', 'main', '2026-10-01', '2026-10-10'), ('${HARBOR}', 'STRIPE', 'main', '2026-10-16', '2026-10-31');
insert into month_verdict values ('${HARBOR}', '2026-09', 'waiting', '[]'),
  ('${HARBOR}', '2026-10', 'incomplete', '[{"code": "pull_incomplete", "text": "the vendor refunds were not pulled completely"}]');
insert into note values ('${HARBOR}', 'legs_before_start', 0, '3 payments before 2026-09-01 are not concluded about', 3, 4100);
insert into event (business_id, event_number, at, actor, kind, subject, from_state, to_state, note, details, previous_hash, hash) values
  ('${HARBOR}', 1, '2026-11-01T16:00:00Z', 'run', 'run', null, null, null, null, null, repeat('0', 64), 'h1'),
  ('${HARBOR}', 2, '2026-11-02T09:00:00Z', 'Ada', 'resolved', 'd52', 'open', 'resolved', 'agreed with the bookkeeper', '{"as":"explained"}', 'h1', 'h2'),
  ('${HARBOR}', 3, '2026-11-02T16:00:00Z', 'run', 'run', null, null, null, null, null, 'h2', 'h3');
insert into quarantine (business_id, quarantine_id, pull_id, file_id, source, line, kind, reason, raw, item_id, dated_on, processor, account) overriding system value values
  ('${HARBOR}', 1, 1, null, 'customer refunds of 2026-10-15', 2, 'unreadable', 'of an older pull', '{}', 'r90', null, null, null),
  ('${HARBOR}', 2, 2, null, 'customer refunds of 2026-11-02', 7, 'unreadable', 'refunded_amount is 12.5, no whole number of cents', '{"id":"r91"}', 'r91', '2026-10-09', null, null),
  ('${HARBOR}', 3, null, 1, 'stripe-october.csv', 40, 'unreadable', 'Amount is ''abc''', 'abc', 'txn_40', '2026-10-02', 'STRIPE', 'main'),
  ('${HARBOR}', 4, null, 1, 'stripe-october.csv', 41, 'unreadable', 'read since', 'abc', 'txn_11', '2026-10-02', 'STRIPE', 'main'),
  ('${HARBOR}', 5, null, 1, 'stripe-october.csv', 42, 'conflict', 'txn_11 was 45.00 before', 'abc', 'txn_11', '2026-10-14', 'STRIPE', 'main'),
  ('${HARBOR}', 6, null, 2, 'wrong.csv', 2, 'unreadable', 'of a withdrawn file', 'abc', null, null, 'STRIPE', 'eu');`

/** Stores all of it. */
export const storeHarbor = async (database: Database): Promise<void> => {
  await database.query([settings, october, results].join('\n'))
}
