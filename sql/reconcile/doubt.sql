-- Takes back that a match is balanced: of all matches ($3), or of those with a refund that is booked against a payment of
-- which a new or changed row says it is its own (ALLOCATION_TARGET_MISMATCH may be found now).
-- Grain: one row per record. $1 business, $2 the last number that the last run looked at, $3 all
with fresh_payment as materialized (
  select payment_id
  from (
    select line.payment_ids from processor_row line
    where line.business_id = $1::uuid and line.row_no > $2::bigint and not $3::boolean
    union all
    select line.payment_ids
    from touched_item touched
    join processor_row line on line.business_id = touched.business_id and line.row_no = touched.item_no
    where touched.business_id = $1::uuid and not $3::boolean
  ) fresh
  cross join unnest(fresh.payment_ids) as payment_id
  group by payment_id
),
booked as (
  select refund.direction, refund.refund_id
  from fresh_payment
  join ledger_refund refund on refund.business_id = $1::uuid
    and cardinality(refund.payment_keys) > 0 and refund.payment_keys[1] = fresh_payment.payment_id
  union
  select refund.direction, refund.refund_id
  from fresh_payment
  join ledger_refund refund on refund.business_id = $1::uuid
    and cardinality(refund.payment_keys) > 1 and refund.payment_keys[2] = fresh_payment.payment_id
  union
  select refund.direction, refund.refund_id
  from fresh_payment
  join ledger_refund refund on refund.business_id = $1::uuid
    and cardinality(refund.payment_keys) > 2 and refund.payment_keys @> array[fresh_payment.payment_id]
),
doubtful as materialized (
  select matched.match_no
  from booked
  join ledger_leg leg on leg.business_id = $1::uuid and leg.direction = booked.direction and leg.refund_id = booked.refund_id
  join match_item matched on matched.business_id = $1::uuid and matched.leg_no = leg.leg_no and matched.balanced
  union
  select matched.match_no from match_item matched
  where $3::boolean and matched.business_id = $1::uuid and matched.balanced
)
update match_item matched set balanced = false
from doubtful
where matched.business_id = $1::uuid and matched.match_no = doubtful.match_no and matched.balanced
