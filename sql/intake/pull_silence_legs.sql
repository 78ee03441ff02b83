-- The legs of removed refunds stay, not active.
-- Grain: one row per leg.
-- $1 business, $2 direction, $3 the refunds
with params as (select $1::uuid as business_id, $2::text as direction, $3::text[] as refund_ids)

update ledger_leg leg
set active = false
from params
where leg.business_id = params.business_id
  and leg.direction = params.direction
  and leg.refund_id = any (params.refund_ids)
  and leg.active
