-- Dates every row that has an instant anew, after the business's time zone was changed, and notes it for the next run,
-- with the month it lay in before. A row with a date alone keeps it: it is that date in every zone.
-- Grain: one row: how many rows have another date now.
-- $1 business, $2 time zone
with params as not materialized (select $1::uuid as business_id, $2::text as time_zone),

line as (
  update processor_row stored
  set occurred_on = (before.occurred_at at time zone params.time_zone)::date
  from params
  join processor_row before on before.business_id = params.business_id
  where stored.business_id = params.business_id and stored.row_no = before.row_no
    and before.occurred_at is not null
    and before.occurred_on <> (before.occurred_at at time zone params.time_zone)::date
  returning stored.business_id, stored.row_no, stored.active, date_trunc('month', before.occurred_on)::date as month_before
),
touched as (
  insert into touched_item (business_id, item_no, month_before)
  select business_id, row_no, month_before from line where active
  on conflict do nothing
)

select count(*) as redated from line
