-- The last run of each command, whatever became of it.
-- Grain: one row per command.
-- $1 business
with params as (select $1::uuid as business_id)

select distinct on (run.job collate "C")
       run.business_id, run.run_id, run.job as command, run.as_of, run.started_at, run.finished_at,
       run.outcome as state, run.problem
from params
join run using (business_id)
order by run.job collate "C", run.run_id desc
