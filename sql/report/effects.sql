-- What each finding contributes to the tie-out lines of the months reported; nothing before the business's start.
-- Grain: one row per discrepancy, month, processor and currency.
-- $1 business, $2 first month or null, $3 last month or null
with params as (select $1::uuid as business_id, $2::text as from_month, $3::text as to_month)

select discrepancy.discrepancy_id as id, discrepancy.code, discrepancy.status, discrepancy.direction,
       effect.month, effect.processor, effect.currency, effect.amount, effect.refund_fee, effect.returned_fee
from params
join business using (business_id)
join discrepancy_effect as effect using (business_id)
join discrepancy using (business_id, discrepancy_id)
where discrepancy.status <> 'cleared'
  and (params.from_month is null or effect.month >= params.from_month)
  and (params.to_month is null or effect.month <= params.to_month)
  and (business.starts_on is null or effect.month >= to_char(business.starts_on, 'YYYY-MM'))
order by effect.month, discrepancy.direction, effect.processor, effect.currency, discrepancy.code,
         discrepancy.discrepancy_id
