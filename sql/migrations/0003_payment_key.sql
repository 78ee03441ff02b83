-- Where a payment id stands. An index on processor_row.payment_ids would be paid for by every import, of whatever
-- business; this is kept by the run, for those businesses alone whose files make it ask (match/payment_keys.sql).

-- One row per payment id and row that names it, of whatever processor.
create table payment_key (
  business_id uuid not null,
  key         text collate "C" not null,
  row_no      bigint not null,
  primary key (business_id, key, row_no)
);

-- Rows up to this number have their payment ids in payment_key; 0 as long as no run had to ask for one.
alter table reconciliation add column payment_key_mark bigint not null default 0;
