-- The months whose totals have to be summed again: those of legs and rows that are new or changed, before and after.
-- Grain: one row per month. $1 business
with params as not materialized (select $1::uuid as business_id)
select distinct to_char(day.on_date, 'YYYY-MM') as month
from params
cross join lateral (
  select distinct leg.completed_on as on_date
  from reconciliation run
  join ledger_leg leg on leg.business_id = run.business_id and leg.leg_no > run.item_mark
  where run.business_id = params.business_id
  union
  select distinct line.occurred_on
  from reconciliation run
  join processor_row line on line.business_id = run.business_id and line.row_no > run.item_mark
  where run.business_id = params.business_id
  union
  select touched.month_before from touched_item touched where touched.business_id = params.business_id
  union
  select leg.completed_on
  from touched_item touched join ledger_leg leg on leg.business_id = touched.business_id and leg.leg_no = touched.item_no
  where touched.business_id = params.business_id
  union
  select line.occurred_on
  from touched_item touched join processor_row line on line.business_id = touched.business_id and line.row_no = touched.item_no
  where touched.business_id = params.business_id
) day
