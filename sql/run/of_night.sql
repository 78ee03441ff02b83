-- The last run of a business's night of an instant: with what it ended, if it did.
-- Grain: one row, or none where the business has had no such run.
-- $1 business, $2 as of
with params as (select $1::uuid as business_id, $2::timestamptz as as_of)

select run.outcome, run.problem
from params
join run using (business_id, as_of)
where run.job = 'nightly'
order by run.run_id desc
limit 1
