-- One text that is the same as long as nothing that matters has changed: verdicts, and what is open with its effects. The
-- code belongs to it: a finding that was waited for and has become an error keeps its id.
-- Grain: one row.
-- $1 business
with params as not materialized (select $1::uuid as business_id),

verdict as (
  select md5(coalesce(string_agg(month_verdict.month || month_verdict.verdict, ' ' order by month_verdict.month), '')) as hash
  from params
  join month_verdict using (business_id)
),

finding as (
  select md5(coalesce(string_agg(discrepancy.code || discrepancy.discrepancy_id, ' ' order by discrepancy.discrepancy_id), '')) as hash
  from params
  join discrepancy using (business_id)
  where discrepancy.status = 'open'
),

effect as (
  select coalesce(sum(effect.amount), 0) || '/' || coalesce(sum(effect.refund_fee), 0) || '/'
         || coalesce(sum(effect.returned_fee), 0) as sums
  from params
  join discrepancy_effect as effect using (business_id)
  join discrepancy using (business_id, discrepancy_id)
  where discrepancy.status = 'open'
)

select verdict.hash || ' ' || finding.hash || ' ' || effect.sums as fingerprint
from verdict
cross join finding
cross join effect
