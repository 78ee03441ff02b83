-- ALLOCATION_TARGET_MISMATCH: a refund of the match is allocated to payments none of which is a reference key of the
-- matched rows (reversals included), while one of them is a payment id of another stored row of this processor, of
-- whatever type and direction: the money is right, the payment it is booked against is not.
-- Grain: one finding per match. Cannot see: a wrong payment that no imported file holds.
with params as not materialized (select $1::uuid as business_id),
line as (
  select row_no, processor, on_date, transaction_id, account, payment_ids || reference_ids as keys from work_row
  union all
  select row_no, processor, on_date, transaction_id, account, payment_ids || reference_ids from work_reversal
),
booked as (
  select distinct taken.match_no, leg.direction, leg.refund_id, refund.payment_keys
  from params
  cross join taken_leg taken
  join work_leg leg on leg.leg_no = taken.leg_no
  join ledger_refund refund
    on refund.business_id = params.business_id and refund.direction = leg.direction and refund.refund_id = leg.refund_id
  where refund.payment_keys <> '{}'
),
elsewhere as (
  select booked.match_no, booked.direction, booked.payment_keys, min(line.processor) as processor
  from booked
  join taken_row taken on taken.match_no = booked.match_no
  join line on line.row_no = taken.row_no
  group by booked.match_no, booked.direction, booked.refund_id, booked.payment_keys
  having not bool_or(booked.payment_keys && line.keys)
),
asked as (select distinct match_no, direction, processor, key from elsewhere cross join unnest(payment_keys) as key),
known as (
  select asked.match_no, asked.direction
  from params
  join processor_row other on other.business_id = params.business_id
  cross join unnest(other.payment_ids) as payment_id
  join asked on asked.processor = other.processor and asked.key = payment_id
  where exists (select from elsewhere)
    and not exists (select from taken_row taken where taken.row_no = other.row_no and taken.match_no = asked.match_no)
  group by asked.match_no, asked.direction
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
