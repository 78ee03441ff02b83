-- Tieout's tables. Every key starts with business_id; amounts are bigint minor units with the currency
-- beside them (the ledger has one currency per business); ids are compared by code unit (collate "C").
-- A leg's and a row's surrogate number come from one sequence, so that one number names one item.
-- The tables that are loaded by the million (versions, legs, rows, matches) bear no foreign keys: the check of one
-- row at a time costs more than the load. sql/integrity/ asks the same questions of whole tables.

create sequence item_no;

-- ---------------------------------------------------------------- settings, as of the last run's configuration

create table business (
  business_id     uuid primary key,
  name            text not null,
  currency        text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
  time_zone       text not null,
  ledger_lag_days integer not null check (ledger_lag_days >= 0),
  four_eyes       boolean not null default false
);

-- One row per configured processor (an account is not a processor of its own).
create table processor_setting (
  business_id          uuid not null references business,
  processor            text collate "C" not null,
  accounts             text[] not null,          -- the configured accounts, '' where there is just one without a name
  settlement_lag_days  integer not null check (settlement_lag_days >= 0),
  coverage_hole_days   integer not null check (coverage_hole_days >= 0),
  date_window_days     integer not null check (date_window_days >= 0),
  amount_tolerance     bigint not null check (amount_tolerance >= 0),
  fee_tolerance        bigint not null check (fee_tolerance >= 0),
  refund_id_pattern    text,                     -- a mapping's own; null: what the imported files' formats say
  primary key (business_id, processor)
);

create table processor_alias (
  business_id uuid not null references business,
  alias       text collate "C" not null,         -- trimmed, upper case
  processor   text collate "C" not null,
  primary key (business_id, alias)
);

-- ---------------------------------------------------------------- what ran

-- One row per job and business; written outside the job's own transaction, so that a failure leaves its trace.
create table run (
  business_id uuid not null references business,
  run_id      bigint generated always as identity,
  job         text not null,
  as_of       timestamptz not null,
  started_at  timestamptz not null,
  finished_at timestamptz,
  outcome     text not null check (outcome in ('running', 'done', 'failed')),
  problem     text,
  primary key (business_id, run_id)
);

-- ---------------------------------------------------------------- ledger side

-- One row per listing asked for.
create table pull (
  business_id uuid not null references business,
  pull_id     bigint generated always as identity,
  direction   text collate "C" not null check (direction in ('customer', 'vendor')),
  as_of       timestamptz not null,
  started_at  timestamptz not null,
  finished_at timestamptz not null,
  complete    boolean not null,
  maybe_cut   boolean not null,                  -- a bare array of exactly 100 refunds
  refunds     bigint not null,                   -- received and accepted
  quarantined bigint not null,
  pages       integer not null,
  bytes       bigint not null,
  sha256      text not null,                     -- of all bodies received, in order
  problem     text,                              -- why it is not complete
  primary key (business_id, pull_id)
);

-- One row per refund ever seen: its current version. Its business is guarded through pull: a foreign key of its own would
-- take as long as the insert itself, for every refund.
create table ledger_refund (
  business_id           uuid not null,
  direction             text collate "C" not null check (direction in ('customer', 'vendor')),
  refund_id             text collate "C" not null,
  content_hash          text collate "C" not null,  -- of the current version
  external_id           text collate "C",
  refunded_amount       bigint not null check (refunded_amount >= 0),
  status                text,
  completed_at          timestamptz,             -- null where the ledger gave none or a date alone
  completed_on          date,                    -- in the business's time zone
  reference_number      text collate "C",
  reference_keys        text[] not null,         -- trimmed, non-empty: of all allocations, and reference_number
  payment_keys          text[] not null,         -- those of them that are *_payment_external_id
  allocation_amounts    bigint[],                -- null: no allocations given
  allocation_line_sums  bigint[],                -- beside allocation_amounts: sum of its line items, null where none
  payments_sum          bigint,                  -- null: no payments given
  first_pull_id         bigint not null,
  changed_pull_id       bigint not null,         -- the pull that brought the current version
  last_pull_id          bigint not null,         -- of a removed one: the last pull known to have held it; else as changed_pull_id
  removed_pull_id       bigint,                  -- the complete pull that no longer held it
  primary key (business_id, direction, refund_id)
);

-- One row per version of a refund, as received.
create table ledger_refund_version (
  business_id  uuid not null,
  direction    text collate "C" not null,
  refund_id    text collate "C" not null,
  content_hash text collate "C" not null,
  pull_id      bigint not null,                  -- the pull that brought it first
  raw          json not null,
  primary key (business_id, direction, refund_id, content_hash)
);

-- One row per leg (an element of payments[]); one that its refund no longer has stays, not active.
create table ledger_leg (
  business_id     uuid not null,
  leg_no          bigint not null default nextval('item_no'),
  direction       text collate "C" not null,
  refund_id       text collate "C" not null,
  leg_id          text collate "C" not null,
  ordinal         integer not null,              -- 0 for the first leg of this id in its refund, 1 for the second...
  external_id     text collate "C",
  processor_named text collate "C",              -- trimmed, upper case; aliases are applied when matching
  method          text collate "C",              -- trimmed, upper case
  amount          bigint not null check (amount >= 0),
  refund_fee      bigint not null check (refund_fee >= 0),
  returned_fee    bigint not null check (returned_fee >= 0),
  completed_at    timestamptz,                   -- null where only a date is known
  completed_on    date not null,                 -- in the business's time zone
  identity_keys   text[] not null,               -- in order, trimmed, non-empty
  active          boolean not null default true, -- its refund is in the ledger and has it
  primary key (business_id, leg_no),
  unique (business_id, direction, refund_id, leg_id, ordinal)
);

-- ---------------------------------------------------------------- processor side

-- One row per imported file.
create table processor_file (
  business_id       uuid not null references business,
  file_id           bigint generated always as identity,
  processor         text collate "C" not null,
  account           text collate "C" not null,   -- '' where the processor has just one
  name              text not null,               -- the file's name, without folders
  sha256            text collate "C" not null,   -- of the bytes as they lay there
  bytes             bigint not null,
  format            text not null,
  refund_id_pattern text,                        -- the shape of this format's refund ids
  imported_at       timestamptz not null,
  records           bigint not null,             -- data records read: accepted + known + quarantined
  accepted          bigint not null,             -- rows new with this file
  known             bigint not null,             -- rows that were there already
  quarantined       bigint not null,
  covers_from       date,
  covers_to         date,
  coverage_source   text not null check (coverage_source in ('given', 'stated', 'dates', 'none')),
  totals            json not null,               -- [{name, stated, read, holds}]
  totals_hold       boolean not null,
  categories        json not null,               -- [{category, type, currency, count, amount}]
  primary key (business_id, file_id),
  unique (business_id, processor, account, sha256)
);

-- One row per line or group of lines of a processor's report, in canonical form.
create table processor_row (
  business_id    uuid not null,
  row_no         bigint not null default nextval('item_no'),
  processor      text collate "C" not null,
  account        text collate "C" not null,
  transaction_id text collate "C" not null,
  type           text collate "C" not null
                 check (type in ('refund', 'refund_reversal', 'vendor_refund', 'payment', 'other')),
  category       text,                           -- the file's own word for it
  refund_id      text collate "C",
  payment_ids    text[] not null,
  reference_ids  text[] not null,
  amount         bigint not null,
  refund_fee     bigint not null,
  returned_fee   bigint not null,
  currency       text collate "C" not null,
  occurred_at    timestamptz,                    -- null where the file has no time
  occurred_on    date not null,                  -- in the business's time zone, or the file's own date
  available_on   date,
  payout_id      text collate "C",
  file_id        bigint not null,
  line           bigint not null,
  primary key (business_id, row_no),
  unique (business_id, processor, account, transaction_id),
  check (type not in ('refund', 'vendor_refund') or (amount >= 0 and refund_fee >= 0 and returned_fee >= 0)),
  check (type <> 'refund_reversal' or amount <= 0)
);

-- ---------------------------------------------------------------- what was set aside

-- One row per refund or record that could not be read, with what was there. No customer details in raw.
create table quarantine (
  business_id    uuid not null references business,
  quarantine_id  bigint generated always as identity,
  pull_id        bigint,                         -- one of the two is set
  file_id        bigint,
  source         text not null,                  -- for people: a file's name, or 'customer refunds of 2026-10-31T...'
  line           bigint,                         -- of a file: physical line; of a pull: ordinal of the refund
  kind           text not null check (kind in ('unreadable', 'conflict')),
  reason         text not null,
  raw            text not null,
  item_id        text collate "C",               -- refund_id or transaction_id where it could be read
  dated_on       date,                           -- where it could be read
  processor      text collate "C",               -- of a file
  account        text collate "C",
  primary key (business_id, quarantine_id),
  foreign key (business_id, pull_id) references pull,
  foreign key (business_id, file_id) references processor_file,
  check (num_nonnulls(pull_id, file_id) = 1)
);

-- ---------------------------------------------------------------- matches

-- match_no is the number of its first leg in order, else (a cancelled refund) of its first row.
create table match_leg (
  business_id uuid not null,
  leg_no      bigint not null,
  match_no    bigint not null,
  pass        text collate "C" not null,
  row_no      bigint,                            -- of a settled pair: its row; null where the match is looked at every night
  primary key (business_id, leg_no)
);

create table match_row (
  business_id uuid not null,
  row_no      bigint not null,
  match_no    bigint not null,
  pass        text collate "C" not null,
  primary key (business_id, row_no)
);

-- ---------------------------------------------------------------- what the next run has to look at

-- One row per leg or row that is not settled: unmatched, ambiguous, or in a match that a check looks at. With what is new
-- (numbered above reconciliation.item_mark) and what was touched these are all the items of the next run.
create table open_item (
  business_id uuid not null references business,
  item_no     bigint not null,
  direction   text collate "C",                  -- of a reversal, as the last run saw it; else null
  primary key (business_id, item_no)
);

-- One row per leg that a pull changed or took away since the last run, with the month it lay in before.
create table touched_leg (
  business_id uuid not null references business,
  leg_no      bigint not null,
  month_before date not null,
  primary key (business_id, leg_no, month_before)
);

-- How much of the matching is settled.
create table settled_total (
  business_id uuid not null references business,
  direction   text collate "C" not null,
  processor   text collate "C" not null,
  pairs       bigint not null,
  amount      bigint not null,
  primary key (business_id, direction, processor)
);

-- ---------------------------------------------------------------- discrepancies

-- One row per finding ever made; its id is a hash of its identity, so that a later run finds the same.
create table discrepancy (
  business_id    uuid not null references business,
  discrepancy_id text collate "C" not null,
  code           text collate "C" not null,
  direction      text collate "C" not null,
  processor      text collate "C",
  currency       text collate "C" not null,
  refund_id      text collate "C",               -- of a whole-refund finding
  status         text collate "C" not null check (status in ('open', 'acknowledged', 'resolved', 'cleared')),
  dated_on       date,                           -- the earliest date among its items
  due_on         date,                           -- of a timing finding that will become an error
  first_seen_at  timestamptz not null,           -- as_of of the runs
  last_seen_at   timestamptz not null,
  late           boolean not null default false, -- about a closed month, first seen after its close
  primary key (business_id, discrepancy_id)
);

create table discrepancy_leg (
  business_id    uuid not null,
  discrepancy_id text collate "C" not null,
  leg_no         bigint not null,
  primary key (business_id, discrepancy_id, leg_no),
  foreign key (business_id, discrepancy_id) references discrepancy,
  foreign key (business_id, leg_no) references ledger_leg
);

create table discrepancy_row (
  business_id    uuid not null,
  discrepancy_id text collate "C" not null,
  row_no         bigint not null,
  primary key (business_id, discrepancy_id, row_no),
  foreign key (business_id, discrepancy_id) references discrepancy,
  foreign key (business_id, row_no) references processor_row
);

-- What a discrepancy contributes to ledger total minus processor total.
create table discrepancy_effect (
  business_id    uuid not null,
  discrepancy_id text collate "C" not null,
  month          text collate "C" not null check (month ~ '^[0-9]{4}-[0-9]{2}$'),
  processor      text collate "C" not null,
  currency       text collate "C" not null,
  amount         bigint not null,
  refund_fee     bigint not null,
  returned_fee   bigint not null,
  primary key (business_id, discrepancy_id, month, processor, currency),
  foreign key (business_id, discrepancy_id) references discrepancy,
  check (amount <> 0 or refund_fee <> 0 or returned_fee <> 0)
);

-- Append only: every change of a discrepancy's status, by a run or a person.
create table discrepancy_event (
  business_id    uuid not null,
  event_id       bigint generated always as identity,
  discrepancy_id text collate "C" not null,
  happened_at    timestamptz not null,           -- a run's as_of; a person's clock
  actor          text not null,                  -- 'run' or a person's name
  from_status    text collate "C",
  to_status      text collate "C" not null,
  resolution     text collate "C",
  note           text,
  effects        json,                           -- the effects at that moment
  primary key (business_id, event_id),
  foreign key (business_id, discrepancy_id) references discrepancy
);

-- ---------------------------------------------------------------- the run's result

-- When a business was last reconciled, and with what.
create table reconciliation (
  business_id uuid primary key references business,
  as_of       timestamptz not null,
  finished_at timestamptz not null,
  item_mark   bigint not null,                   -- legs and rows up to this number have been looked at
  pull_mark   bigint not null,                   -- pulls up to this one
  settings    text not null                      -- a hash of the settings it was made with
);

create table tie_out_line (
  business_id     uuid not null references business,
  direction       text collate "C" not null,
  processor       text collate "C" not null,
  currency        text collate "C" not null,
  month           text collate "C" not null,
  measure         text collate "C" not null check (measure in ('amount', 'refund_fee', 'returned_fee')),
  ledger          bigint not null,
  processor_total bigint not null,
  difference      bigint not null,
  explained       bigint not null,
  unexplained     bigint not null,
  gross           bigint not null,
  primary key (business_id, direction, processor, currency, month, measure)
);

create table match_total (
  business_id uuid not null references business,
  direction   text collate "C" not null,
  processor   text collate "C" not null,
  pass        text collate "C" not null,
  legs        bigint not null,
  rows        bigint not null,
  amount      bigint not null,
  count       bigint not null,
  primary key (business_id, direction, processor, pass)
);

create table outside_total (
  business_id uuid not null references business,
  direction   text collate "C" not null,
  method      text collate "C" not null,
  currency    text collate "C" not null,
  month       text collate "C" not null,
  legs        bigint not null,
  amount      bigint not null,
  primary key (business_id, direction, method, currency, month)
);

-- The dates for which a processor's data is there (over all its accounts), small holes closed.
create table coverage_span (
  business_id uuid not null references business,
  processor   text collate "C" not null,
  covers_from date not null,
  covers_to   date not null,
  primary key (business_id, processor, covers_from)
);

create table month_verdict (
  business_id uuid not null references business,
  month       text collate "C" not null,
  verdict     text collate "C" not null check (verdict in ('incomplete', 'discrepant', 'waiting', 'reconciled')),
  reasons     text[] not null,
  primary key (business_id, month)
);

-- ---------------------------------------------------------------- corrections: missing refunds, created in Layer

-- One row per processor row that a refund in Layer was ever proposed for.
create table correction (
  business_id     uuid not null references business,
  correction_id   text collate "C" not null,     -- a hash of the row's identity: proposing again finds the same
  row_no          bigint not null,
  discrepancy_id  text collate "C" not null,
  direction       text collate "C" not null check (direction in ('customer', 'vendor')),
  status          text collate "C" not null check (status in ('needs_target', 'proposed', 'approved', 'rejected',
                    'posting', 'posted', 'differs', 'failed', 'obsolete')),
  external_id     text collate "C" not null,     -- by which Layer knows the refund again: the idempotency key
  amount          bigint not null check (amount > 0),
  refund_fee      bigint not null check (refund_fee >= 0),
  returned_fee    bigint not null check (returned_fee >= 0),
  currency        text collate "C" not null,
  processor       text collate "C" not null,
  method          text collate "C" not null,
  completed_at    timestamptz not null,
  target          json,                          -- {"invoice_id": ...} or one {"bill_...": ...}; null: a person has to say
  target_source   text check (target_source in ('ledger', 'references', 'person')),
  expected_amount bigint,                        -- what Layer will make of the target, where that is known
  request_path    text,                          -- as approved; what is sent is this and nothing else
  request_body    text,
  request_sha256  text collate "C",              -- of path, line feed, body
  layer_refund_id text collate "C",
  outcome         text,                          -- in words: what is missing, what differs, why it failed
  proposed_by     text not null,
  approved_by     text,
  primary key (business_id, correction_id),
  unique (business_id, row_no),
  unique (business_id, direction, external_id),
  foreign key (business_id, row_no) references processor_row,
  foreign key (business_id, discrepancy_id) references discrepancy,
  check ((target is null) = (target_source is null)),
  check (num_nulls(request_path, request_body, request_sha256) in (0, 3)),
  check (status not in ('approved', 'posting', 'posted', 'differs', 'failed') or request_body is not null)
);

-- Append only: every change of a correction's status or target.
create table correction_event (
  business_id    uuid not null,
  event_id       bigint generated always as identity,
  correction_id  text collate "C" not null,
  happened_at    timestamptz not null,
  actor          text not null,
  from_status    text collate "C",
  to_status      text collate "C" not null,
  request_sha256 text collate "C",
  note           text,
  primary key (business_id, event_id),
  foreign key (business_id, correction_id) references correction
);

create index discrepancy_standing on discrepancy (business_id, code) where status <> 'cleared';
create index processor_row_refund_id on processor_row (business_id, refund_id) where refund_id is not null;
create index processor_row_month on processor_row using brin (occurred_on);
create index ledger_leg_month on ledger_leg using brin (completed_on);
create index ledger_refund_changed on ledger_refund using brin (changed_pull_id);
create index ledger_refund_removed on ledger_refund (business_id, removed_pull_id) where removed_pull_id is not null;
