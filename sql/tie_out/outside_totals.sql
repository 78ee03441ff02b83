-- The legs outside processors: no processor is named and the method is CASH, CHECK or CREDIT_BALANCE.
-- Grain: one row per direction, method and month.
with params as (select $1::uuid as business_id)
insert into outside_total (business_id, direction, method, currency, month, legs, amount)
select leg.business_id, leg.direction, leg.method, business.currency, to_char(leg.completed_on, 'YYYY-MM'), count(*), sum(leg.amount)
from params
join business on business.business_id = params.business_id
join ledger_leg leg on leg.business_id = business.business_id and leg.active
where leg.processor_named is null and leg.method in ('CASH', 'CHECK', 'CREDIT_BALANCE')
group by leg.business_id, leg.direction, leg.method, business.currency, to_char(leg.completed_on, 'YYYY-MM')
order by leg.direction, leg.method, to_char(leg.completed_on, 'YYYY-MM')
