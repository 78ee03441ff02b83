-- Notes the legs of removed refunds, with the month they lie in, for the next reconciliation run.
-- Grain: one row per leg and month.
with params as (select $1::uuid as business_id, $2::text as direction, $3::text[] as refund_ids)
insert into touched_leg (business_id, leg_no, month_before)
select leg.business_id, leg.leg_no, date_trunc('month', leg.completed_on)::date
from params
join ledger_leg leg
  on leg.business_id = params.business_id and leg.direction = params.direction and leg.refund_id = any (params.refund_ids)
where leg.active
on conflict do nothing
