-- What each open finding adds to the closing of a month's roll-forward.
-- Grain: one row per finding, processor and currency. $1 business, $2 month
with params as not materialized (select $1::uuid as business_id, $2::text as month)

select found.discrepancy_id, found.direction, effect.processor, effect.currency,
  sum(effect.amount) as amount, sum(effect.refund_fee) as refund_fee, sum(effect.returned_fee) as returned_fee
from params
join business on business.business_id = params.business_id
join discrepancy found on found.business_id = params.business_id and found.status in ('open', 'acknowledged')
join discrepancy_effect effect
  on effect.business_id = params.business_id and effect.discrepancy_id = found.discrepancy_id and effect.month <= params.month
where business.starts_on is null or effect.month >= to_char(business.starts_on, 'YYYY-MM')
group by found.discrepancy_id, found.direction, effect.processor, effect.currency
order by found.discrepancy_id, effect.processor, effect.currency
