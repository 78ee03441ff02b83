-- What each finding contributes to the tie-out lines of the months reported; to those of closed months, as it was signed.
-- Grain: one row per discrepancy, month, processor and currency.
-- $1 business, $2 first month or null, $3 last month or null
with params as not materialized (select $1::uuid as business_id, $2::text as from_month, $3::text as to_month)

select effect.discrepancy_id as id, effect.code, effect.status, effect.direction,
       effect.month, effect.processor, effect.currency, effect.amount, effect.refund_fee, effect.returned_fee
from params
join reported_effect as effect using (business_id)
where (params.from_month is null or effect.month >= params.from_month)
  and (params.to_month is null or effect.month <= params.to_month)
order by effect.month, effect.direction, effect.processor, effect.currency, effect.code, effect.discrepancy_id
