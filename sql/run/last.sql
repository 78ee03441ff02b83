-- The last run of each job of a business, and whether the business is being worked on now: a run without an end that
-- nobody is at work on was killed. The key of the lock is that of src/database/locks.ts.
-- Grain: one row per job.
-- $1 business
with params as not materialized (
  select $1::uuid as business_id,
         hashtextextended('tieout business ' || $1::uuid::text, 0) as lock_key
),
working as (
  select exists (
    select from pg_locks, params
    where pg_locks.locktype = 'advisory'
      and pg_locks.objsubid = 1
      and pg_locks.database = (select oid from pg_database where datname = current_database())
      and (pg_locks.classid::bigint << 32) | pg_locks.objid::bigint = params.lock_key
  ) as is_working
)

select distinct on (run.job collate "C")
       run.job, run.as_of, run.started_at, run.finished_at, run.outcome, run.problem,
       working.is_working
from params
join run using (business_id)
cross join working
order by run.job collate "C", run.run_id desc
