-- The months whose totals have to be summed again: those of legs and rows that are new, of legs that were touched, before
-- and after, and of reversals that belong to another direction now, since theirs is that of their refund. None where the run looks at
-- everything ($2 is 0): then all months are summed.
-- Grain: one row per month.
with params as not materialized (select $1::uuid as business_id, $2::bigint as item_mark),
touched_date as (
  select leg.completed_on as date
  from params join ledger_leg leg on leg.business_id = params.business_id and leg.leg_no > params.item_mark
  union all
  select line.occurred_on
  from params join processor_row line on line.business_id = params.business_id and line.row_no > params.item_mark
  union all
  select touched.month_before from params join touched_leg touched on touched.business_id = params.business_id
  union all
  select leg.completed_on
  from params join touched_leg touched on touched.business_id = params.business_id
  join ledger_leg leg on leg.business_id = params.business_id and leg.leg_no = touched.leg_no
  union all
  select reversal.on_date
  from params join open_item item on item.business_id = params.business_id and item.direction is not null
  join work_reversal reversal on reversal.row_no = item.item_no and reversal.direction <> item.direction
)
insert into touched_month
select distinct date_trunc('month', touched_date.date)::date from params cross join touched_date where params.item_mark > 0
