-- Notes the legs of the refunds that a pull changes, with the month they lie in before, for the next reconciliation run.
-- Grain: one row per leg and month.
with params as (select $1::uuid as business_id, $2::text as direction)
insert into touched_leg (business_id, leg_no, month_before)
select distinct leg.business_id, leg.leg_no, date_trunc('month', leg.completed_on)::date
from params
cross join pull_stage as staged
join ledger_leg as leg
  on leg.business_id = params.business_id and leg.direction = params.direction and leg.refund_id = staged.refund_id
where staged.kind = 'refund'
on conflict do nothing
