-- Forgets the last run's totals, coverage and verdicts of the business, before they are computed anew.
-- Grain: one row per line of each, deleted. A few hundred rows.
with params as (select $1::uuid as business_id),
lines as (delete from tie_out_line stored using params where stored.business_id = params.business_id),
totals as (delete from match_total stored using params where stored.business_id = params.business_id),
outside as (delete from outside_total stored using params where stored.business_id = params.business_id),
coverage as (delete from coverage_span stored using params where stored.business_id = params.business_id)
delete from month_verdict stored using params where stored.business_id = params.business_id
