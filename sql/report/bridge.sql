-- What leads from the ledger total to the processor total, by cause; nothing before the business's start.
-- Grain: one row per direction, currency, month, measure-carrying code: the sums of its findings' effects.
-- $1 business, $2 first month or null, $3 last month or null
with params as (select $1::uuid as business_id, $2::text as from_month, $3::text as to_month)

select discrepancy.direction, effect.currency, discrepancy.code, count(distinct effect.discrepancy_id) as findings,
       sum(effect.amount) as amount, sum(effect.refund_fee) as refund_fee,
       sum(effect.returned_fee) as returned_fee
from params
join business using (business_id)
join discrepancy_effect as effect using (business_id)
join discrepancy using (business_id, discrepancy_id)
where discrepancy.status <> 'cleared'
  and (params.from_month is null or effect.month >= params.from_month)
  and (params.to_month is null or effect.month <= params.to_month)
  and (business.starts_on is null or effect.month >= to_char(business.starts_on, 'YYYY-MM'))
group by discrepancy.direction, effect.currency, discrepancy.code
order by discrepancy.direction, effect.currency, discrepancy.code
