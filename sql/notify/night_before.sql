-- The nightly run before the last one: a night that is missing, or was killed, is itself to be told.
-- Grain: one row, or none where there was none before.
-- $1 business, $2 the job's name
with params as (select $1::uuid as business_id, $2::text as job)

select run.started_at, run.outcome
from params
join run using (business_id, job)
order by run.run_id desc
offset 1 limit 1
