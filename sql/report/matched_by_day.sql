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
  select leg.completed_on as day, count(*) as legs, count(match_leg.leg_no) as legs_matched
  from window_of
  join ledger_leg as leg
    on leg.business_id = window_of.business_id and leg.active
       and leg.completed_on between window_of.from_day and window_of.to_day
       and (leg.processor_named is not null or coalesce(leg.method, '') not in ('CASH', 'CHECK', 'CREDIT_BALANCE'))
  left join match_leg on match_leg.business_id = leg.business_id and match_leg.leg_no = leg.leg_no
  group by leg.completed_on
),

row_day as (
  select line.occurred_on as day, count(*) as rows, count(match_row.row_no) as rows_matched
  from window_of
  join processor_row as line
    on line.business_id = window_of.business_id
       and line.type in ('refund', 'refund_reversal', 'vendor_refund')
       and line.occurred_on between window_of.from_day and window_of.to_day
  left join match_row on match_row.business_id = line.business_id and match_row.row_no = line.row_no
  group by line.occurred_on
)

select day, coalesce(legs, 0) as legs, coalesce(legs_matched, 0) as legs_matched,
       coalesce(rows, 0) as rows, coalesce(rows_matched, 0) as rows_matched
from leg_day
full join row_day using (day)
order by day
