-- The last run of the night before: a night that is missing, or was killed, is itself to be told. The tries of one night,
-- which have its as_of, are one night.
-- Grain: one row, or none where there was none before.
-- $1 business, $2 the job's name, $3 as of of this night
with params as (select $1::uuid as business_id, $2::text as job, $3::timestamptz as as_of)

select run.started_at, run.outcome
from params
join run using (business_id, job)
where run.as_of < params.as_of
order by run.run_id desc
limit 1
