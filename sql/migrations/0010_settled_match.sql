-- Matches of one leg and one row that nothing is to be said of, and that were not made by the row's refund id (those need no
-- list: their leg and row name one another). Until here they stayed open: a business whose processors name no refund looked
-- at all its history every night. Whoever comes later and has to do with one of them wakes it, by its keys or its amount.

create table settled_match (
  business_id uuid not null,
  leg_no      bigint not null,
  row_no      bigint not null,
  direction   text collate "C" not null,
  processor   text collate "C" not null,
  pass        text collate "C" not null,
  amount      bigint not null,
  leg_on      date not null,
  row_on      date not null,
  primary key (business_id, leg_no),
  unique (business_id, row_no)
);

-- amount_and_date alone asks so
create index settled_match_of_amount on settled_match (business_id, amount) where pass = 'amount_and_date';

-- One row per settled match, by its leg, and text by which another leg or row could have to do with it: ids and references
-- of either side.
create table settled_key (
  business_id uuid not null,
  key         text collate "C" not null,
  leg_no      bigint not null,
  primary key (business_id, key, leg_no)
);
create index settled_key_of_leg on settled_key (business_id, leg_no);

alter table settled_total add column pass text collate "C" not null default 'refund_id';
alter table settled_total alter column pass drop default;
alter table settled_total drop constraint settled_total_pkey;
alter table settled_total add primary key (business_id, direction, processor, pass);
