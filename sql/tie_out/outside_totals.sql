-- The legs outside processors, of the months that are summed again: no processor is named and the method is CASH, CHECK or
-- CREDIT_BALANCE.
-- Grain: one row per direction, method and month.
with params as not materialized (select $1::uuid as business_id),
outside as (
  select leg.direction, leg.method, date_trunc('month', leg.completed_on)::date as month, leg.amount
  from params
  cross join summed_span span
  join ledger_leg leg
    on leg.business_id = params.business_id and leg.active
    and leg.completed_on >= span.first_day and leg.completed_on < span.day_after
  where leg.processor_named is null and leg.method in ('CASH', 'CHECK', 'CREDIT_BALANCE')
    and (span.every_month or date_trunc('month', leg.completed_on)::date = any(span.months))
)
insert into outside_total (business_id, direction, method, currency, month, legs, amount)
select business.business_id, outside.direction, outside.method, business.currency, to_char(outside.month, 'YYYY-MM'),
  count(*), sum(outside.amount)
from params
join business on business.business_id = params.business_id
cross join outside
group by business.business_id, outside.direction, outside.method, business.currency, outside.month
order by outside.direction, outside.method, outside.month
