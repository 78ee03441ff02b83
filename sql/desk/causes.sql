-- What leads from the ledger total to the processor total of a month, by cause, and how much of that is resolved by now.
-- Grain: one row per direction, currency and code. $1 business, $2 month
with params as not materialized (select $1::uuid as business_id, $2::text as month),

settled as (
  select found.direction, effect.currency, found.code, sum(abs(effect.amount)) as gross
  from params
  join discrepancy found on found.business_id = params.business_id and found.status = 'resolved'
  join discrepancy_effect effect
    on effect.business_id = params.business_id and effect.discrepancy_id = found.discrepancy_id and effect.month = params.month
  group by found.direction, effect.currency, found.code
)

select cause.direction, cause.currency, cause.code, cause.amount, cause.gross, cause.refund_fee, cause.returned_fee,
  coalesce(settled.gross, 0) as resolved
from params
join month_cause cause on cause.business_id = params.business_id and cause.month = params.month
left join settled
  on settled.direction = cause.direction and settled.currency = cause.currency and settled.code = cause.code
order by cause.direction, cause.currency, cause.code
