-- What is open of a business: how many findings of each code, and the first date on which one of them becomes an error.
-- Grain: one row per code with open findings.
-- $1 business
with params as (select $1::uuid as business_id)

select discrepancy.code, count(*) as findings, min(discrepancy.due_on) as due_on
from params
join discrepancy using (business_id)
where discrepancy.status in ('open', 'acknowledged')
group by discrepancy.code
order by discrepancy.code collate "C"
