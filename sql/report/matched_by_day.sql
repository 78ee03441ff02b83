-- How much of each day is matched, for the chart: payments of the ledger that take part in matching, and refund lines
-- of the processors. At most the last 92 days of the period.
-- Grain: one row per date with any of them.
-- $1 business, $2 first month or null, $3 last month or null, $4 the date of as_of
with params as not materialized (
  select $1::uuid as business_id, ($2::text || '-01')::date as from_day,
         coalesce((($3::text || '-01')::date + interval '1 month')::date - 1, $4::date) as to_day
),

window_of as not materialized (
  select business_id, greatest(from_day, to_day - 91) as from_day, to_day
  from params
),

leg_day as (
  select leg.on_date as day, count(*) as legs, count(matched.leg_no) as legs_matched
  from window_of
  join leg
    on leg.business_id = window_of.business_id and not leg.is_outside
       and leg.on_date between window_of.from_day and window_of.to_day
  left join match_leg as matched on matched.business_id = window_of.business_id and matched.leg_no = leg.leg_no
  group by leg.on_date
),

row_day as (
  select line.on_date as day, count(*) as rows, count(matched.row_no) as rows_matched
  from window_of
  join refund_row as line
    on line.business_id = window_of.business_id and line.on_date between window_of.from_day and window_of.to_day
  left join match_row as matched on matched.business_id = window_of.business_id and matched.row_no = line.row_no
  group by line.on_date
)

select day, coalesce(legs, 0) as legs, coalesce(legs_matched, 0) as legs_matched,
       coalesce(rows, 0) as rows, coalesce(rows_matched, 0) as rows_matched
from leg_day
full join row_day using (day)
order by day
