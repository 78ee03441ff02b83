-- What is at work on a business, as far as it is noted: the last run without an end.
-- Grain: one row, or none. $1 business
select run.job, run.started_at
from run
where run.business_id = $1::uuid and run.outcome = 'running'
order by run.run_id desc
limit 1
