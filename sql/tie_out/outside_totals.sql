-- The legs outside processors, of the months that are summed again: no processor is named and the method is CASH, CHECK or
-- CREDIT_BALANCE.
-- Grain: one row per direction, method and month.
with params as not materialized (select $1::uuid as business_id)
insert into outside_total (business_id, direction, method, currency, month, legs, amount)
select business.business_id, day.direction, day.method, business.currency, to_char(day.day, 'YYYY-MM'),
  sum(day.legs), sum(day.amount)
from params
join business on business.business_id = params.business_id
cross join ledger_day day
where day.processor_named is null and day.method in ('CASH', 'CHECK', 'CREDIT_BALANCE')
group by business.business_id, day.direction, day.method, business.currency, to_char(day.day, 'YYYY-MM')
order by day.direction, day.method, to_char(day.day, 'YYYY-MM')
