-- ALLOCATION_TARGET_MISMATCH, first part: the matches with a refund that is allocated to payments none of which is a
-- reference key of the matched rows (reversals included), with these payments.
-- Grain: one row per match, direction, processor and payment.
with params as not materialized (select $1::uuid as business_id),
line as (
  select row_no, processor, payment_ids || reference_ids as keys from work_row
  union all
  select row_no, processor, payment_ids || reference_ids from work_reversal
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
)
insert into booked_elsewhere
select distinct elsewhere.match_no, elsewhere.direction, elsewhere.processor, key
from elsewhere cross join unnest(elsewhere.payment_keys) as key
