-- The months in which a finding counts (spec section 8): those of its effects; without effects those of its legs and rows, or
-- of its refund's payments. CHANGED_AFTER_CLOSE counts in the first open month instead.
-- Grain: one row per finding that is not cleared, and month.
select found.business_id, found.discrepancy_id, effect.month
from discrepancy found
join discrepancy_effect effect on effect.business_id = found.business_id and effect.discrepancy_id = found.discrepancy_id
where found.status <> 'cleared'
union
select found.business_id, found.discrepancy_id, item.month
from discrepancy found
cross join lateral (
  select to_char(leg.completed_on, 'YYYY-MM') as month
  from unnest(found.leg_nos) as listed (leg_no)
  join ledger_leg leg on leg.business_id = found.business_id and leg.leg_no = listed.leg_no
  union all
  -- the payments that OVER_REFUND lists are no refunds of their month
  select to_char(line.occurred_on, 'YYYY-MM')
  from unnest(found.row_nos) as listed (row_no)
  join processor_row line on line.business_id = found.business_id and line.row_no = listed.row_no and line.type <> 'payment'
  union all
  select to_char(coalesce(leg.completed_on, refund.completed_on, run.today), 'YYYY-MM')
  from ledger_refund refund
  join run_day run on run.business_id = refund.business_id
  left join ledger_leg leg
    on leg.business_id = refund.business_id and leg.direction = refund.direction and leg.refund_id = refund.refund_id and leg.active
  where refund.business_id = found.business_id and refund.direction = found.direction and refund.refund_id = found.refund_id
) item
where found.status <> 'cleared' and found.code <> 'CHANGED_AFTER_CLOSE' and not exists (
  select from discrepancy_effect effect
  where effect.business_id = found.business_id and effect.discrepancy_id = found.discrepancy_id)
