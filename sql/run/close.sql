-- Notes how a job has ended for a business.
-- Grain: one row per job and business.
-- $1 business, $2 run, $3 when it ended, $4 how, $5 why it failed, $6 its steps
with params as (
  select $1::uuid as business_id, $2::bigint as run_id, $3::timestamptz as finished_at, $4::text as outcome,
         $5::text as problem, $6::json as steps
)

update run
set finished_at = params.finished_at,
    outcome     = params.outcome,
    problem     = params.problem,
    steps       = params.steps
from params
where run.business_id = params.business_id
  and run.run_id = params.run_id
