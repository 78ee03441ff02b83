-- What may be said of each month.
-- Grain: one row per month.
-- $1 business, $2 first month or null, $3 last month or null
with params as (select $1::uuid as business_id, $2::text as from_month, $3::text as to_month)

select month_verdict.business_id, month_verdict.month, month_verdict.verdict, month_verdict.reasons
from params
join month_verdict using (business_id)
where (params.from_month is null or month_verdict.month >= params.from_month)
  and (params.to_month is null or month_verdict.month <= params.to_month)
order by month_verdict.month
