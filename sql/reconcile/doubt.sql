-- Takes back that a match is balanced, where a refund of it is booked against a payment of which a new or changed row says it is its own
-- (ALLOCATION_TARGET_MISMATCH may be found now).
-- Unnested: of a long array the planner would weigh each element.
-- Grain: one row per record. $1 business, $2 payment ids of new and changed rows
with booked as materialized (
  select refund.direction, refund.refund_id from ledger_refund refund
  where refund.business_id = $1::uuid and cardinality(refund.payment_keys) > 0 and refund.payment_keys[1] = any (array(select unnest($2::text[])))
  union
  select refund.direction, refund.refund_id from ledger_refund refund
  where refund.business_id = $1::uuid and cardinality(refund.payment_keys) > 1 and refund.payment_keys[2] = any (array(select unnest($2::text[])))
  union
  select refund.direction, refund.refund_id from ledger_refund refund cross join unnest(refund.payment_keys[3:]) as key
  where refund.business_id = $1::uuid and cardinality(refund.payment_keys) > 2 and key in (select unnest($2::text[]))
),
doubtful as materialized (
  select matched.match_no
  from booked
  cross join lateral (
    select leg.leg_no from ledger_leg leg
    where leg.business_id = $1::uuid and leg.direction = booked.direction and leg.refund_id = booked.refund_id offset 0
  ) leg
  cross join lateral (
    select matched.match_no from match_item matched
    where matched.business_id = $1::uuid and matched.leg_no = leg.leg_no and matched.balanced limit 1
  ) matched
)
update match_item matched set balanced = false
where matched.business_id = $1::uuid and matched.match_no = any (array(select doubtful.match_no from doubtful)) and matched.balanced
