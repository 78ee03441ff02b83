-- The legs outside processors: no processor is named and the method is CASH, CHECK or CREDIT_BALANCE.
-- Grain: one row per direction, method and touched month.
with params as not materialized (select $1::uuid as business_id),
span as (select min(month) as first_day, (max(month) + interval '1 month')::date as day_after from touched_month)
insert into outside_total (business_id, direction, method, currency, month, legs, amount)
select leg.business_id, leg.direction, leg.method, business.currency, to_char(leg.completed_on, 'YYYY-MM'), count(*), sum(leg.amount)
from params
join business on business.business_id = params.business_id
cross join span
join ledger_leg leg
  on leg.business_id = business.business_id and leg.active
  and leg.completed_on >= span.first_day and leg.completed_on < span.day_after
where date_trunc('month', leg.completed_on)::date in (select month from touched_month)
  and leg.processor_named is null and leg.method in ('CASH', 'CHECK', 'CREDIT_BALANCE')
group by leg.business_id, leg.direction, leg.method, business.currency, to_char(leg.completed_on, 'YYYY-MM')
order by leg.direction, leg.method, to_char(leg.completed_on, 'YYYY-MM')
