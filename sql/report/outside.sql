-- Refunds that no processor moved: cash, checks, credit balances, and what the settings name.
-- Grain: one row per direction, method, processor, currency and month. processor: null where none is named.
-- $1 business, $2 first month or null, $3 last month or null
with params as (select $1::uuid as business_id, $2::text as from_month, $3::text as to_month)

select total.business_id, total.direction, total.method, nullif(total.processor, '') as processor, total.currency,
       total.month, total.legs, total.amount
from params
join outside_total as total using (business_id)
where (params.from_month is null or total.month >= params.from_month)
  and (params.to_month is null or total.month <= params.to_month)
order by total.direction, total.method, total.processor, total.currency, total.month
