-- What some findings contribute to ledger total minus processor total. Never cut to the months reported: an effect
-- of a neighbouring month belongs to the same finding. Effects of months before the business's start are not shown.
-- Grain: one row per discrepancy, month, processor and currency.
-- $1 business, $2 discrepancy ids (a batch, some thousands)
with params as (select $1::uuid as business_id, $2::text[] as discrepancy_ids)

select effect.discrepancy_id, effect.month, effect.processor, effect.currency,
       effect.amount, effect.refund_fee, effect.returned_fee
from params
join business on business.business_id = params.business_id
join discrepancy_effect as effect
  on effect.business_id = params.business_id and effect.discrepancy_id = any (params.discrepancy_ids)
where business.starts_on is null or effect.month >= to_char(business.starts_on, 'YYYY-MM')
order by effect.discrepancy_id, effect.month, effect.processor, effect.currency
