-- Takes back that a match is balanced: of all matches ($2), or of those with a refund that is booked against a payment of
-- which a new or changed row says it is its own (ALLOCATION_TARGET_MISMATCH may be found now).
-- Grain: one row per record. $1 business, $2 all
with params as not materialized (select $1::uuid as business_id, $2::boolean as everything),
fresh_payment as (
  select distinct payment_id
  from params
  join reconciliation run on run.business_id = params.business_id
  join processor_row line on line.business_id = params.business_id and line.row_no > run.item_mark
  cross join unnest(line.payment_ids) as payment_id
  where not params.everything
  union
  select payment_id
  from params
  join touched_item touched on touched.business_id = params.business_id
  join processor_row line on line.business_id = params.business_id and line.row_no = touched.item_no
  cross join unnest(line.payment_ids) as payment_id
  where not params.everything
),
booked as (
  select refund.direction, refund.refund_id
  from params cross join fresh_payment
  join ledger_refund refund on refund.business_id = params.business_id
    and cardinality(refund.payment_keys) > 0 and refund.payment_keys[1] = fresh_payment.payment_id
  union
  select refund.direction, refund.refund_id
  from params cross join fresh_payment
  join ledger_refund refund on refund.business_id = params.business_id
    and cardinality(refund.payment_keys) > 1 and refund.payment_keys[2] = fresh_payment.payment_id
  union
  select refund.direction, refund.refund_id
  from params cross join fresh_payment
  join ledger_refund refund on refund.business_id = params.business_id
    and cardinality(refund.payment_keys) > 2 and refund.payment_keys @> array[fresh_payment.payment_id]
),
doubtful as (
  select matched.match_no
  from params cross join booked
  join ledger_leg leg on leg.business_id = params.business_id and leg.direction = booked.direction and leg.refund_id = booked.refund_id
  join match_item matched on matched.business_id = params.business_id and matched.leg_no = leg.leg_no and matched.balanced
)
update match_item matched set balanced = false
from params
where matched.business_id = params.business_id and matched.balanced
  and (params.everything or matched.match_no in (select match_no from doubtful))
