-- The legs of removed refunds stay, not active; they are noted for the next reconciliation run.
-- Grain: one row per leg.
-- $1 business, $2 direction, $3 the refunds
with params as (select $1::uuid as business_id, $2::text as direction, $3::text[] as refund_ids),

removed as (
  update ledger_leg leg
  set active = false
  from params
  where leg.business_id = params.business_id and leg.direction = params.direction
    and leg.refund_id = any (params.refund_ids) and leg.active
  returning leg.business_id, leg.leg_no, leg.completed_on
)

insert into touched_item (business_id, item_no, month_before)
select business_id, leg_no, date_trunc('month', completed_on)::date
from removed
on conflict do nothing
