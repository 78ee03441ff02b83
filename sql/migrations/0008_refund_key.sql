-- Where a refund id stands, for the runs that look at what is new alone. An index on processor_row.refund_id is paid for by
-- every import, an entry at a time and at random: 2.3 s of the server's 7.0 s of CPU a million lines. This is kept by the
-- run, in order of the ids; the first run of a business, which looks at everything, does without.
drop index processor_row_refund_id;

-- One row per row that names a refund, of whatever processor.
create table refund_key (
  business_id uuid not null,
  key         text collate "C" not null,
  row_no      bigint not null,
  primary key (business_id, key, row_no)
);

-- Rows up to this number have their refund ids in refund_key; 0 as long as no run had to ask for one.
alter table reconciliation add column refund_key_mark bigint not null default 0;
