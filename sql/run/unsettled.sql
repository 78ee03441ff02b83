-- The businesses of which something may be stored that no reconciliation has looked at: a job began after the last one, or there
-- was none.
-- Grain: one row per business. $1 businesses
select asked.business_id
from unnest($1::uuid[]) as asked (business_id)
left join reconciliation last on last.business_id = asked.business_id
where last.business_id is null or exists (
  select from run job where job.business_id = asked.business_id and job.started_at > last.finished_at)
