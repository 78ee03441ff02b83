-- The refunds and vendor refunds that the processors reported of each day that is summed again ($2 to $3, of them all months
-- or those of $5), as ledger_days has the ledger's.
-- Grain: one row per type, processor, currency and day.
create temporary table processor_day on commit drop as
with params as not materialized (
  select $1::uuid as business_id, $2::date as first_day, $3::date as day_after, $4::boolean as every_month, $5::date[] as months
)
select day.type, day.processor, day.currency, day.day, day.amount, day.refund_fee, day.returned_fee
from params
cross join lateral (
  select line.type, line.processor, line.currency, line.occurred_on as day,
    sum(line.amount) as amount, sum(line.refund_fee) as refund_fee, sum(line.returned_fee) as returned_fee
  from processor_row line
  where line.business_id = params.business_id and line.type in ('refund', 'vendor_refund')
    and line.occurred_on >= params.first_day and line.occurred_on < params.day_after
  group by line.type, line.processor, line.currency, line.occurred_on
) as day
where params.every_month or date_trunc('month', day.day)::date = any(params.months)
