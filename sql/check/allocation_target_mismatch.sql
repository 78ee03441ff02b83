-- ALLOCATION_TARGET_MISMATCH: a refund of the match is allocated to payments none of which is a reference key of the
-- matched rows (reversals included), while one of them is a payment id of another stored row of this processor, of
-- whatever type and direction: the money is right, the payment it is booked against is not.
-- Where the run looks at everything ($2 is 0) all rows are read once, else each payment is looked up (`offset 0`: one by one,
-- whatever the planner expects).
-- Grain: one finding per match. Cannot see: a wrong payment that no imported file holds.
with params as not materialized (select $1::uuid as business_id, $2::bigint as item_mark),
line as (
  select row_no, on_date, transaction_id, account from work_row
  union all
  select row_no, on_date, transaction_id, account from work_reversal
),
other as (
  select asked.match_no, asked.direction, line.row_no
  from params
  join processor_row line on line.business_id = params.business_id
  cross join unnest(line.payment_ids) as payment_id
  join booked_elsewhere asked on asked.processor = line.processor and asked.key = payment_id
  where params.item_mark = 0
  union all
  select asked.match_no, asked.direction, named.row_no
  from params cross join booked_elsewhere asked
  cross join lateral (
    select stored.row_no
    from payment_key stored
    where stored.business_id = params.business_id and stored.key = asked.key
    offset 0
  ) known
  cross join lateral (
    select line.row_no
    from processor_row line
    where line.business_id = params.business_id and line.row_no = known.row_no and line.processor = asked.processor
    offset 0
  ) named
  where params.item_mark > 0
),
known as (
  select distinct other.match_no, other.direction
  from other
  where not exists (select from taken_row taken where taken.row_no = other.row_no and taken.match_no = other.match_no)
),
leg_side as (
  select known.match_no, array_agg(leg.leg_no order by leg.on_date, leg.leg_id, leg.leg_no) as leg_nos
  from known join taken_leg taken using (match_no) join work_leg leg on leg.leg_no = taken.leg_no
  group by known.match_no
),
row_side as (
  select known.match_no,
    array_agg(line.row_no order by line.on_date, line.transaction_id, line.account, line.row_no) as row_nos
  from known join taken_row taken using (match_no) join line on line.row_no = taken.row_no
  group by known.match_no
)
insert into finding (code, direction, leg_nos, row_nos, carries_amount, carries_refund_fee, carries_returned_fee)
select 'ALLOCATION_TARGET_MISMATCH', known.direction, leg_side.leg_nos, row_side.row_nos, false, false, false
from known join leg_side using (match_no) join row_side using (match_no)
order by match_no
