-- The settings of some businesses, and the last run of each in a night, by one of some jobs.
-- Grain: one row per business; of a business without such a run, run_id and all that is the run's is null.
-- $1 businesses, $2 as_of of the night, $3 jobs
with params as not materialized (select $1::uuid[] as business_ids, $2::timestamptz as as_of, $3::text[] as jobs)

select distinct on (business.business_id)
       business.business_id, business.settings_hash, run.run_id, run.job, run.started_at, run.finished_at, run.outcome, run.problem,
       run.steps
from params
join business on business.business_id = any (params.business_ids)
left join run on run.business_id = business.business_id and run.as_of = params.as_of and run.job = any (params.jobs)
order by business.business_id, run.run_id desc
