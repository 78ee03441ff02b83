-- The months whose totals have to be summed again: those of legs and rows that are new or changed, before and after.
-- Grain: one row per month. $1 business, $2 the last number that the last run looked at
select distinct to_char(day.on_date, 'YYYY-MM') as month
from (
  select distinct leg.completed_on as on_date from ledger_leg leg where leg.business_id = $1::uuid and leg.leg_no > $2::bigint
  union
  select distinct line.occurred_on from processor_row line where line.business_id = $1::uuid and line.row_no > $2::bigint
  union
  select touched.month_before from touched_item touched where touched.business_id = $1::uuid
  union
  select leg.completed_on
  from touched_item touched join ledger_leg leg on leg.business_id = touched.business_id and leg.leg_no = touched.item_no
  where touched.business_id = $1::uuid
  union
  select line.occurred_on
  from touched_item touched join processor_row line on line.business_id = touched.business_id and line.row_no = touched.item_no
  where touched.business_id = $1::uuid
) day
