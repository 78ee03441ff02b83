-- The schema as the migrations leave it: read this to know the database. Generated, and checked by
-- test/integration/database/schema.test.ts; `npx vitest run test/integration/database/schema.test.ts -u` renews it.

create sequence item_no;

create table awaited_payment (
  business_id uuid not null,
  leg_no bigint not null,
  key text collate "C" not null,
  constraint awaited_payment_pkey PRIMARY KEY (business_id, leg_no, key)
);

create table business (
  business_id uuid not null,
  name text not null,
  currency text collate "C" not null,
  time_zone text not null,
  ledger_lag_days integer not null,
  four_eyes boolean not null default false,
  constraint business_pkey PRIMARY KEY (business_id),
  constraint business_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint business_ledger_lag_days_check CHECK ((ledger_lag_days >= 0))
);

create table correction (
  business_id uuid not null,
  correction_id text collate "C" not null,
  row_no bigint not null,
  discrepancy_id text collate "C" not null,
  direction text collate "C" not null,
  status text collate "C" not null,
  external_id text collate "C" not null,
  amount bigint not null,
  refund_fee bigint not null,
  returned_fee bigint not null,
  currency text collate "C" not null,
  processor text collate "C" not null,
  method text collate "C" not null,
  completed_at timestamp with time zone not null,
  target json,
  target_source text,
  expected_amount bigint,
  request_path text,
  request_body text,
  request_sha256 text collate "C",
  layer_refund_id text collate "C",
  outcome text,
  proposed_by text not null,
  approved_by text,
  constraint correction_pkey PRIMARY KEY (business_id, correction_id),
  constraint correction_business_id_direction_external_id_key UNIQUE (business_id, direction, external_id),
  constraint correction_business_id_row_no_key UNIQUE (business_id, row_no),
  constraint correction_amount_check CHECK ((amount > 0)),
  constraint correction_check CHECK (((target IS NULL) = (target_source IS NULL))),
  constraint correction_check1 CHECK ((num_nulls(request_path, request_body, request_sha256) = ANY (ARRAY[0, 3]))),
  constraint correction_check2 CHECK (((status <> ALL (ARRAY['approved'::text, 'posting'::text, 'posted'::text, 'differs'::text, 'failed'::text])) OR (request_body IS NOT NULL))),
  constraint correction_direction_check CHECK ((direction = ANY (ARRAY['customer'::text, 'vendor'::text]))),
  constraint correction_refund_fee_check CHECK ((refund_fee >= 0)),
  constraint correction_returned_fee_check CHECK ((returned_fee >= 0)),
  constraint correction_status_check CHECK ((status = ANY (ARRAY['needs_target'::text, 'proposed'::text, 'approved'::text, 'rejected'::text, 'posting'::text, 'posted'::text, 'differs'::text, 'failed'::text, 'obsolete'::text]))),
  constraint correction_target_source_check CHECK ((target_source = ANY (ARRAY['ledger'::text, 'references'::text, 'person'::text])))
);

create table correction_event (
  business_id uuid not null,
  event_id bigint not null generated always as identity,
  correction_id text collate "C" not null,
  happened_at timestamp with time zone not null,
  actor text not null,
  from_status text collate "C",
  to_status text collate "C" not null,
  request_sha256 text collate "C",
  note text,
  constraint correction_event_pkey PRIMARY KEY (business_id, event_id)
);

create table coverage_span (
  business_id uuid not null,
  processor text collate "C" not null,
  covers_from date not null,
  covers_to date not null,
  constraint coverage_span_pkey PRIMARY KEY (business_id, processor, covers_from)
);

create table discrepancy (
  business_id uuid not null,
  discrepancy_id text collate "C" not null,
  code text collate "C" not null,
  direction text collate "C" not null,
  processor text collate "C",
  currency text collate "C" not null,
  refund_id text collate "C",
  status text collate "C" not null,
  dated_on date,
  due_on date,
  first_seen_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  late boolean not null default false,
  constraint discrepancy_pkey PRIMARY KEY (business_id, discrepancy_id),
  constraint discrepancy_status_check CHECK ((status = ANY (ARRAY['open'::text, 'acknowledged'::text, 'resolved'::text, 'cleared'::text])))
);

create table discrepancy_effect (
  business_id uuid not null,
  discrepancy_id text collate "C" not null,
  month text collate "C" not null,
  processor text collate "C" not null,
  currency text collate "C" not null,
  amount bigint not null,
  refund_fee bigint not null,
  returned_fee bigint not null,
  constraint discrepancy_effect_pkey PRIMARY KEY (business_id, discrepancy_id, month, processor, currency),
  constraint discrepancy_effect_check CHECK (((amount <> 0) OR (refund_fee <> 0) OR (returned_fee <> 0))),
  constraint discrepancy_effect_month_check CHECK ((month ~ '^[0-9]{4}-[0-9]{2}$'::text))
);

create table discrepancy_event (
  business_id uuid not null,
  event_id bigint not null generated always as identity,
  discrepancy_id text collate "C" not null,
  happened_at timestamp with time zone not null,
  actor text not null,
  from_status text collate "C",
  to_status text collate "C" not null,
  resolution text collate "C",
  note text,
  effects json,
  constraint discrepancy_event_pkey PRIMARY KEY (business_id, event_id)
);

create table discrepancy_leg (
  business_id uuid not null,
  discrepancy_id text collate "C" not null,
  leg_no bigint not null,
  constraint discrepancy_leg_pkey PRIMARY KEY (business_id, discrepancy_id, leg_no)
);

create table discrepancy_row (
  business_id uuid not null,
  discrepancy_id text collate "C" not null,
  row_no bigint not null,
  constraint discrepancy_row_pkey PRIMARY KEY (business_id, discrepancy_id, row_no)
);

create table file_path (
  business_id uuid not null,
  processor text collate "C" not null,
  account text collate "C" not null,
  path text collate "C" not null,
  state text collate "C" not null,
  file_id bigint not null,
  constraint file_path_pkey PRIMARY KEY (business_id, processor, account, path)
);

create table ledger_leg (
  business_id uuid not null,
  leg_no bigint not null default nextval('item_no'::regclass),
  direction text collate "C" not null,
  refund_id text collate "C" not null,
  leg_id text collate "C" not null,
  ordinal integer not null,
  external_id text collate "C",
  processor_named text collate "C",
  method text collate "C",
  amount bigint not null,
  refund_fee bigint not null,
  returned_fee bigint not null,
  completed_at timestamp with time zone,
  completed_on date not null,
  identity_keys text[] not null,
  active boolean not null default true,
  payment_keys text[] not null default '{}'::text[],
  constraint ledger_leg_pkey PRIMARY KEY (business_id, leg_no),
  constraint ledger_leg_business_id_direction_refund_id_leg_id_ordinal_key UNIQUE (business_id, direction, refund_id, leg_id, ordinal),
  constraint ledger_leg_amount_check CHECK ((amount >= 0)),
  constraint ledger_leg_refund_fee_check CHECK ((refund_fee >= 0)),
  constraint ledger_leg_returned_fee_check CHECK ((returned_fee >= 0))
);

create table ledger_refund (
  business_id uuid not null,
  direction text collate "C" not null,
  refund_id text collate "C" not null,
  content_hash text collate "C" not null,
  external_id text collate "C",
  refunded_amount bigint not null,
  status text,
  completed_at timestamp with time zone,
  completed_on date,
  reference_number text collate "C",
  reference_keys text[] not null,
  payment_keys text[] not null,
  allocation_amounts bigint[],
  allocation_line_sums bigint[],
  payments_sum bigint,
  first_pull_id bigint not null,
  changed_pull_id bigint not null,
  last_pull_id bigint not null,
  removed_pull_id bigint,
  content_pull_id bigint not null,
  content_place bigint not null,
  constraint ledger_refund_pkey PRIMARY KEY (business_id, direction, refund_id),
  constraint ledger_refund_direction_check CHECK ((direction = ANY (ARRAY['customer'::text, 'vendor'::text]))),
  constraint ledger_refund_refunded_amount_check CHECK ((refunded_amount >= 0))
);

create table ledger_refund_version (
  business_id uuid not null,
  direction text collate "C" not null,
  refund_id text collate "C" not null,
  content_hash text collate "C" not null,
  pull_id bigint not null,
  raw text not null,
  place bigint not null,
  constraint ledger_refund_version_pkey PRIMARY KEY (business_id, pull_id, place)
);

create table match_item (
  business_id uuid not null,
  leg_no bigint,
  row_no bigint,
  match_no bigint not null,
  pass text collate "C" not null,
  constraint match_item_business_id_leg_no_key UNIQUE (business_id, leg_no),
  constraint match_item_business_id_row_no_key UNIQUE (business_id, row_no),
  constraint match_item_check CHECK ((num_nonnulls(leg_no, row_no) > 0))
);

create table match_total (
  business_id uuid not null,
  direction text collate "C" not null,
  processor text collate "C" not null,
  pass text collate "C" not null,
  legs bigint not null,
  rows bigint not null,
  amount bigint not null,
  count bigint not null,
  constraint match_total_pkey PRIMARY KEY (business_id, direction, processor, pass)
);

create table month_verdict (
  business_id uuid not null,
  month text collate "C" not null,
  verdict text collate "C" not null,
  reasons text[] not null,
  constraint month_verdict_pkey PRIMARY KEY (business_id, month),
  constraint month_verdict_verdict_check CHECK ((verdict = ANY (ARRAY['incomplete'::text, 'discrepant'::text, 'waiting'::text, 'reconciled'::text])))
);

create table open_item (
  business_id uuid not null,
  item_no bigint not null,
  direction text collate "C",
  constraint open_item_pkey PRIMARY KEY (business_id, item_no)
);

create table outside_total (
  business_id uuid not null,
  direction text collate "C" not null,
  method text collate "C" not null,
  currency text collate "C" not null,
  month text collate "C" not null,
  legs bigint not null,
  amount bigint not null,
  constraint outside_total_pkey PRIMARY KEY (business_id, direction, method, currency, month)
);

create table payment_key (
  business_id uuid not null,
  key text collate "C" not null,
  row_no bigint not null,
  constraint payment_key_pkey PRIMARY KEY (business_id, key, row_no)
);

create table processor_alias (
  business_id uuid not null,
  alias text collate "C" not null,
  processor text collate "C" not null,
  constraint processor_alias_pkey PRIMARY KEY (business_id, alias)
);

create table processor_file (
  business_id uuid not null,
  file_id bigint not null generated always as identity,
  processor text collate "C" not null,
  account text collate "C" not null,
  name text not null,
  sha256 text collate "C" not null,
  bytes bigint not null,
  format text not null,
  refund_id_pattern text,
  imported_at timestamp with time zone not null,
  records bigint not null,
  accepted bigint not null,
  known bigint not null,
  quarantined bigint not null,
  covers_from date,
  covers_to date,
  coverage_source text not null,
  totals json not null,
  totals_hold boolean not null,
  categories json not null,
  brought json not null,
  constraint processor_file_pkey PRIMARY KEY (business_id, file_id),
  constraint processor_file_business_id_processor_account_sha256_key UNIQUE (business_id, processor, account, sha256),
  constraint processor_file_coverage_source_check CHECK ((coverage_source = ANY (ARRAY['given'::text, 'stated'::text, 'dates'::text, 'none'::text])))
);

create table processor_row (
  business_id uuid not null,
  row_no bigint not null default nextval('item_no'::regclass),
  processor text collate "C" not null,
  account text collate "C" not null,
  transaction_id text collate "C" not null,
  type text collate "C" not null,
  category text,
  refund_id text collate "C",
  payment_ids text[] not null,
  reference_ids text[] not null,
  amount bigint not null,
  refund_fee bigint not null,
  returned_fee bigint not null,
  currency text collate "C" not null,
  occurred_at timestamp with time zone,
  occurred_on date not null,
  available_on date,
  payout_id text collate "C",
  file_id bigint not null,
  line bigint not null,
  constraint processor_row_pkey PRIMARY KEY (business_id, row_no),
  constraint processor_row_transaction UNIQUE (business_id, transaction_id, processor, account),
  constraint processor_row_check CHECK (((type <> ALL (ARRAY['refund'::text, 'vendor_refund'::text])) OR ((amount >= 0) AND (refund_fee >= 0) AND (returned_fee >= 0)))),
  constraint processor_row_check1 CHECK (((type <> 'refund_reversal'::text) OR (amount <= 0))),
  constraint processor_row_type_check CHECK ((type = ANY (ARRAY['refund'::text, 'refund_reversal'::text, 'vendor_refund'::text, 'payment'::text, 'other'::text])))
);

create table processor_setting (
  business_id uuid not null,
  processor text collate "C" not null,
  accounts text[] not null,
  settlement_lag_days integer not null,
  coverage_hole_days integer not null,
  date_window_days integer not null,
  amount_tolerance bigint not null,
  fee_tolerance bigint not null,
  refund_id_pattern text,
  constraint processor_setting_pkey PRIMARY KEY (business_id, processor),
  constraint processor_setting_amount_tolerance_check CHECK ((amount_tolerance >= 0)),
  constraint processor_setting_coverage_hole_days_check CHECK ((coverage_hole_days >= 0)),
  constraint processor_setting_date_window_days_check CHECK ((date_window_days >= 0)),
  constraint processor_setting_fee_tolerance_check CHECK ((fee_tolerance >= 0)),
  constraint processor_setting_settlement_lag_days_check CHECK ((settlement_lag_days >= 0))
);

create table pull (
  business_id uuid not null,
  pull_id bigint not null generated always as identity,
  direction text collate "C" not null,
  as_of timestamp with time zone not null,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone not null,
  complete boolean not null,
  maybe_cut boolean not null,
  refunds bigint not null,
  quarantined bigint not null,
  pages integer not null,
  bytes bigint not null,
  sha256 text not null,
  problem text,
  constraint pull_pkey PRIMARY KEY (business_id, pull_id),
  constraint pull_direction_check CHECK ((direction = ANY (ARRAY['customer'::text, 'vendor'::text])))
);

create table quarantine (
  business_id uuid not null,
  quarantine_id bigint not null generated always as identity,
  pull_id bigint,
  file_id bigint,
  source text not null,
  line bigint,
  kind text not null,
  reason text not null,
  raw text not null,
  item_id text collate "C",
  dated_on date,
  processor text collate "C",
  account text collate "C",
  constraint quarantine_pkey PRIMARY KEY (business_id, quarantine_id),
  constraint quarantine_check CHECK ((num_nonnulls(pull_id, file_id) = 1)),
  constraint quarantine_kind_check CHECK ((kind = ANY (ARRAY['unreadable'::text, 'conflict'::text])))
);

create table reconciliation (
  business_id uuid not null,
  as_of timestamp with time zone not null,
  finished_at timestamp with time zone not null,
  item_mark bigint not null,
  pull_mark bigint not null,
  settings text not null,
  payment_key_mark bigint not null default 0,
  refund_key_mark bigint not null default 0,
  constraint reconciliation_pkey PRIMARY KEY (business_id)
);

create table refund_key (
  business_id uuid not null,
  key text collate "C" not null,
  row_no bigint not null,
  constraint refund_key_pkey PRIMARY KEY (business_id, key, row_no)
);

create table report_piece (
  business_id uuid not null,
  piece text collate "C" not null,
  processor text collate "C" not null,
  account text collate "C" not null,
  file_id bigint not null,
  first_line bigint not null,
  lines bigint not null,
  records bigint not null,
  first_on date,
  last_on date,
  categories text not null,
  constraint report_piece_pkey PRIMARY KEY (business_id, piece)
);

create table run (
  business_id uuid not null,
  run_id bigint not null generated always as identity,
  job text not null,
  as_of timestamp with time zone not null,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  outcome text not null,
  problem text,
  constraint run_pkey PRIMARY KEY (business_id, run_id),
  constraint run_outcome_check CHECK ((outcome = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text])))
);

create table settled_key (
  business_id uuid not null,
  key text collate "C" not null,
  leg_no bigint not null,
  constraint settled_key_pkey PRIMARY KEY (business_id, key, leg_no)
);

create table settled_match (
  business_id uuid not null,
  leg_no bigint not null,
  row_no bigint not null,
  direction text collate "C" not null,
  processor text collate "C" not null,
  pass text collate "C" not null,
  amount bigint not null,
  leg_on date not null,
  row_on date not null,
  constraint settled_match_pkey PRIMARY KEY (business_id, leg_no),
  constraint settled_match_business_id_row_no_key UNIQUE (business_id, row_no)
);

create table settled_total (
  business_id uuid not null,
  direction text collate "C" not null,
  processor text collate "C" not null,
  pairs bigint not null,
  amount bigint not null,
  pass text collate "C" not null,
  constraint settled_total_pkey PRIMARY KEY (business_id, direction, processor, pass)
);

create table tie_out_line (
  business_id uuid not null,
  direction text collate "C" not null,
  processor text collate "C" not null,
  currency text collate "C" not null,
  month text collate "C" not null,
  measure text collate "C" not null,
  ledger bigint not null,
  processor_total bigint not null,
  difference bigint not null,
  explained bigint not null,
  unexplained bigint not null,
  gross bigint not null,
  constraint tie_out_line_pkey PRIMARY KEY (business_id, direction, processor, currency, month, measure),
  constraint tie_out_line_measure_check CHECK ((measure = ANY (ARRAY['amount'::text, 'refund_fee'::text, 'returned_fee'::text])))
);

create table touched_leg (
  business_id uuid not null,
  leg_no bigint not null,
  month_before date not null,
  constraint touched_leg_pkey PRIMARY KEY (business_id, leg_no, month_before)
);

CREATE INDEX awaited_payment_of_key ON awaited_payment USING btree (business_id, key);
CREATE INDEX discrepancy_standing ON discrepancy USING btree (business_id, code) WHERE (status <> 'cleared'::text);
CREATE INDEX ledger_leg_month ON ledger_leg USING brin (completed_on);
CREATE INDEX ledger_refund_changed ON ledger_refund USING brin (changed_pull_id);
CREATE INDEX ledger_refund_removed ON ledger_refund USING btree (business_id, removed_pull_id) WHERE (removed_pull_id IS NOT NULL);
CREATE INDEX processor_row_month ON processor_row USING brin (occurred_on);
CREATE INDEX settled_key_of_leg ON settled_key USING btree (business_id, leg_no);
CREATE INDEX settled_match_of_amount ON settled_match USING btree (business_id, amount) WHERE (pass = 'amount_and_date'::text);

alter table correction add constraint correction_business_id_discrepancy_id_fkey FOREIGN KEY (business_id, discrepancy_id) REFERENCES discrepancy(business_id, discrepancy_id);
alter table correction add constraint correction_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table correction add constraint correction_business_id_row_no_fkey FOREIGN KEY (business_id, row_no) REFERENCES processor_row(business_id, row_no);
alter table correction_event add constraint correction_event_business_id_correction_id_fkey FOREIGN KEY (business_id, correction_id) REFERENCES correction(business_id, correction_id);
alter table coverage_span add constraint coverage_span_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table discrepancy add constraint discrepancy_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table discrepancy_effect add constraint discrepancy_effect_business_id_discrepancy_id_fkey FOREIGN KEY (business_id, discrepancy_id) REFERENCES discrepancy(business_id, discrepancy_id);
alter table discrepancy_event add constraint discrepancy_event_business_id_discrepancy_id_fkey FOREIGN KEY (business_id, discrepancy_id) REFERENCES discrepancy(business_id, discrepancy_id);
alter table discrepancy_leg add constraint discrepancy_leg_business_id_discrepancy_id_fkey FOREIGN KEY (business_id, discrepancy_id) REFERENCES discrepancy(business_id, discrepancy_id);
alter table discrepancy_leg add constraint discrepancy_leg_business_id_leg_no_fkey FOREIGN KEY (business_id, leg_no) REFERENCES ledger_leg(business_id, leg_no);
alter table discrepancy_row add constraint discrepancy_row_business_id_discrepancy_id_fkey FOREIGN KEY (business_id, discrepancy_id) REFERENCES discrepancy(business_id, discrepancy_id);
alter table discrepancy_row add constraint discrepancy_row_business_id_row_no_fkey FOREIGN KEY (business_id, row_no) REFERENCES processor_row(business_id, row_no);
alter table file_path add constraint file_path_business_id_file_id_fkey FOREIGN KEY (business_id, file_id) REFERENCES processor_file(business_id, file_id);
alter table match_total add constraint match_total_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table month_verdict add constraint month_verdict_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table open_item add constraint open_item_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table outside_total add constraint outside_total_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table processor_alias add constraint processor_alias_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table processor_file add constraint processor_file_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table processor_setting add constraint processor_setting_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table pull add constraint pull_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table quarantine add constraint quarantine_business_id_file_id_fkey FOREIGN KEY (business_id, file_id) REFERENCES processor_file(business_id, file_id);
alter table quarantine add constraint quarantine_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table quarantine add constraint quarantine_business_id_pull_id_fkey FOREIGN KEY (business_id, pull_id) REFERENCES pull(business_id, pull_id);
alter table reconciliation add constraint reconciliation_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table run add constraint run_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table settled_total add constraint settled_total_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table tie_out_line add constraint tie_out_line_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table touched_leg add constraint touched_leg_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);

create view match_leg as
 SELECT business_id,
    leg_no,
    match_no,
    pass,
    row_no
   FROM match_item
  WHERE (leg_no IS NOT NULL);

create view match_row as
 SELECT business_id,
    row_no,
    match_no,
    pass
   FROM match_item
  WHERE (row_no IS NOT NULL);
