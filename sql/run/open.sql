-- Notes that a job has begun for a business. Written outside the job's own transactions: a failure leaves its trace.
-- Grain: one row per job and business, none where the business is not stored yet.
-- $1 business, $2 job, $3 as of, $4 when it began
with params as (
  select $1::uuid as business_id, $2::text as job, $3::timestamptz as as_of, $4::timestamptz as started_at
)

insert into run (business_id, job, as_of, started_at, outcome)
select params.business_id, params.job, params.as_of, params.started_at, 'running'
from params
join business using (business_id)
returning run_id
