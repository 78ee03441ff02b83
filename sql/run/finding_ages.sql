-- How many findings are open or acknowledged, by the date that they are of.
-- Grain: one row per code and date.
-- $1 business
with params as (select $1::uuid as business_id)

select discrepancy.code, discrepancy.dated_on, count(*) as findings
from params
join discrepancy using (business_id)
where discrepancy.status in ('open', 'acknowledged')
group by discrepancy.code, discrepancy.dated_on
order by discrepancy.code collate "C", discrepancy.dated_on
