-- The tables a reconciliation run works in: they live for its transaction.
-- Grain: none, it makes empty tables. One business at a time, so business_id stands in none of them.

-- One row per row of a settled pair that this run takes apart to look at again.
create temporary table woken_row (row_no bigint primary key) on commit drop;

-- One row per month whose totals have to be summed again.
create temporary table touched_month (month date primary key) on commit drop;

-- One row per leg and row that meet and agree, and payment that the leg is booked against, where the row names none of them.
create temporary table elsewhere_key (
  leg_no bigint not null, row_no bigint not null, processor text collate "C" not null, key text collate "C" not null
) on commit drop;

-- One row per leg and row of those, where another row of the processor is such a payment.
create temporary table misbooked (leg_no bigint not null, row_no bigint not null) on commit drop;

-- One row per leg or row that is not settled.
create temporary table loose_item (item_no bigint not null) on commit drop;

-- One row per leg that takes part in matching and is not settled.
create temporary table work_leg (
  leg_no bigint not null, direction text collate "C" not null, refund_id text collate "C" not null,
  leg_id text collate "C" not null, processor text collate "C" not null, amount bigint not null,
  refund_fee bigint not null, returned_fee bigint not null, on_date date not null, identity_keys text[] not null,
  payment_keys text[] not null
) on commit drop;

-- One row per refund or vendor refund row that is not settled. undone: its refund, judged whole, is undone to 0 by its reversals.
create temporary table work_row (
  row_no bigint not null, direction text collate "C" not null, processor text collate "C" not null,
  account text collate "C" not null, transaction_id text collate "C" not null, refund_id text collate "C",
  payment_ids text[] not null, reference_ids text[] not null, amount bigint not null, refund_fee bigint not null,
  returned_fee bigint not null, currency text collate "C" not null, on_date date not null, undone boolean not null default false
) on commit drop;

-- One row per reversal row. belongs_to: the refund row it reverses.
create temporary table work_reversal (
  row_no bigint not null, direction text collate "C" not null default 'customer', processor text collate "C" not null,
  account text collate "C" not null, transaction_id text collate "C" not null, refund_id text collate "C",
  payment_ids text[] not null, reference_ids text[] not null, amount bigint not null, refund_fee bigint not null,
  returned_fee bigint not null, currency text collate "C" not null, on_date date not null,
  turn bigint not null, belongs_to bigint
) on commit drop;

-- Who may be paired with whom, for passes in which each asker takes the first target left to it.
create temporary table candidate (
  asker bigint not null, target bigint not null, asker_turn bigint not null, target_turn bigint not null
) on commit drop;

-- Pass 1: where a leg's identity keys lead. One row per leg and row.
create temporary table option (
  leg_no bigint not null, key_turn bigint not null, field smallint not null, processor text collate "C" not null,
  row_no bigint not null
) on commit drop;

create temporary table taken_leg (
  leg_no bigint primary key, match_no bigint not null, pass text collate "C" not null
) on commit drop;

create temporary table taken_row (
  row_no bigint primary key, match_no bigint not null, pass text collate "C" not null
) on commit drop;

create temporary table duplicate_leg (leg_no bigint primary key) on commit drop;

-- Open items: what pass 1 left, in the business's currency, as far as a processor has both sides.
create temporary table open_leg (
  leg_no bigint primary key, direction text collate "C" not null, processor text collate "C" not null,
  on_date date not null, leg_id text collate "C" not null, amount bigint not null, keys text[] not null,
  shaped boolean not null
) on commit drop;

create temporary table open_row (
  row_no bigint primary key, direction text collate "C" not null, processor text collate "C" not null,
  on_date date not null, transaction_id text collate "C" not null, account text collate "C" not null,
  amount bigint not null, payment_ids text[] not null, keys text[] not null, has_refund_id boolean not null,
  undone boolean not null
) on commit drop;

-- Passes 3 and 4: the keys that still stand on both sides, with who bears them. One row per key and item.
create temporary table key_item (
  direction text collate "C" not null, processor text collate "C" not null, kind smallint not null,
  key text collate "C" not null, item_no bigint not null, side text collate "C" not null, vetoing boolean not null
) on commit drop;

-- Pass 5: items of one amount. One row per item.
create temporary table island_item (
  direction text collate "C" not null, processor text collate "C" not null, amount bigint not null,
  on_date date not null, item_no bigint not null, side text collate "C" not null, vetoing boolean not null,
  item_id text collate "C" not null
) on commit drop;

-- Pass 5: what cannot be told apart. One row per item; group_no is the number of its first leg.
create temporary table ambiguous_item (
  group_no bigint not null, item_no bigint not null, side text collate "C" not null
) on commit drop;

-- OVER_REFUND, where not everything is looked at: one row per row whose group may have changed, or stands as a finding.
create temporary table reached_row (row_no bigint primary key) on commit drop;

-- OVER_REFUND: rows that may hang together by payment ids. One row per row (per direction for payments); label: the
-- least payment id known to hang together with it.
create temporary table tied_row (
  direction text collate "C" not null, processor text collate "C" not null, currency text collate "C" not null,
  row_no bigint not null, type text collate "C" not null, amount bigint not null, on_date date not null,
  transaction_id text collate "C" not null, account text collate "C" not null, keys text[] not null,
  label text collate "C" not null
) on commit drop;

-- What a match leaves between its legs and its rows. One row per match, month, processor and currency with a difference.
create temporary table match_delta (
  match_no bigint not null, month text collate "C" not null, processor text collate "C" not null,
  currency text collate "C" not null, amount bigint not null, refund_fee bigint not null, returned_fee bigint not null
) on commit drop;

-- One row per match that a check must look at: its totals and what is special about it.
create temporary table suspect_match (
  match_no bigint primary key, pass text collate "C" not null, direction text collate "C" not null,
  leg_nos bigint[] not null, row_nos bigint[] not null,
  amount bigint not null, refund_fee bigint not null, returned_fee bigint not null,
  amount_moved boolean not null, refund_fee_moved boolean not null, returned_fee_moved boolean not null,
  failed boolean not null, foreign_currency boolean not null, elsewhere boolean not null,
  amount_tolerance bigint not null, fee_tolerance bigint not null
) on commit drop;

-- ALLOCATION_TARGET_MISMATCH: one row per match, direction, processor of its rows and payment id that a refund of it is
-- booked against, where none of that refund's is one of the rows'.
create temporary table booked_elsewhere (
  match_no bigint not null, direction text collate "C" not null, processor text collate "C" not null,
  key text collate "C" not null
) on commit drop;

-- One row per refund that an IMBALANCE check looks at.
create temporary table odd_refund (
  direction text collate "C" not null, refund_id text collate "C" not null, refunded_amount bigint not null, status text,
  allocation_amounts bigint[], allocation_line_sums bigint[], payments_sum bigint
) on commit drop;

-- One row per finding of this run; carries_*: whose difference it explains.
create temporary table finding (
  finding_no bigint generated always as identity primary key, code text collate "C" not null,
  direction text collate "C" not null, refund_id text collate "C", leg_nos bigint[] not null, row_nos bigint[] not null,
  carries_amount boolean not null, carries_refund_fee boolean not null, carries_returned_fee boolean not null,
  due_on date, discrepancy_id text collate "C", processor text collate "C", currency text collate "C", dated_on date
) on commit drop;

-- One row per leg and per row of a finding, in order. Counted by analyze, as arrays are not.
create temporary table finding_item (
  finding_no bigint not null, side text collate "C" not null, item_no bigint not null, place bigint not null
) on commit drop;

create temporary table finding_effect (
  discrepancy_id text collate "C" not null, month text collate "C" not null, processor text collate "C" not null,
  currency text collate "C" not null, amount bigint not null, refund_fee bigint not null, returned_fee bigint not null
) on commit drop
