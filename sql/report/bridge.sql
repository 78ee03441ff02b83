-- What leads from the ledger total to the processor total, by cause; in closed months as it was signed.
-- Grain: one row per direction, currency, month, measure-carrying code: the sums of its findings' effects.
-- $1 business, $2 first month or null, $3 last month or null
with params as not materialized (select $1::uuid as business_id, $2::text as from_month, $3::text as to_month)

select effect.direction, effect.currency, effect.code, count(distinct effect.discrepancy_id) as findings,
       sum(effect.amount) as amount, sum(effect.refund_fee) as refund_fee,
       sum(effect.returned_fee) as returned_fee
from params
join reported_effect as effect using (business_id)
where (params.from_month is null or effect.month >= params.from_month)
  and (params.to_month is null or effect.month <= params.to_month)
group by effect.direction, effect.currency, effect.code
order by effect.direction, effect.currency, effect.code
