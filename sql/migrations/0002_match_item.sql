-- One table of matches instead of one for each side: a settled pair, which nearly every match is, becomes one row with
-- two unique indexes instead of two rows with one each. What was read by side is still read by side, as views.
-- A leg knows its refund's payment keys, so that a pair is judged without the refund.

-- One row per settled pair (leg_no and row_no), else one row per leg and one per row of a match.
-- match_no is the number of its first leg in order, else (a cancelled refund) of its first row.
create table match_item (
  business_id uuid not null,
  leg_no      bigint,
  row_no      bigint,
  match_no    bigint not null,
  pass        text collate "C" not null,
  unique (business_id, leg_no),
  unique (business_id, row_no),
  check (num_nonnulls(leg_no, row_no) > 0)
);

insert into match_item (business_id, leg_no, row_no, match_no, pass)
select business_id, leg_no, row_no, match_no, pass from match_leg
union all
select lone.business_id, null, lone.row_no, lone.match_no, lone.pass
from match_row lone
where not exists (
  select from match_leg pair
  where pair.business_id = lone.business_id and pair.leg_no = lone.match_no and pair.row_no = lone.row_no);

drop table match_leg;
drop table match_row;

-- One row per matched leg; row_no: of a settled pair.
create view match_leg as
select business_id, leg_no, match_no, pass, row_no from match_item where leg_no is not null;

-- One row per matched row.
create view match_row as
select business_id, row_no, match_no, pass from match_item where row_no is not null;

alter table ledger_leg add column payment_keys text[] not null default '{}';

update ledger_leg leg set payment_keys = refund.payment_keys
from ledger_refund refund
where refund.business_id = leg.business_id and refund.direction = leg.direction and refund.refund_id = leg.refund_id
  and refund.payment_keys <> '{}';
