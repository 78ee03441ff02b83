-- Forgets the last run's match totals, coverage and verdicts of the business, before they are computed anew; where it
-- looks at everything ($2 is 0) also what is settled, and the totals of all months.
-- Grain: one row per line of each, deleted. A few hundred rows.
with params as not materialized (select $1::uuid as business_id, $2::bigint as item_mark),
lines as (delete from tie_out_line stored using params where stored.business_id = params.business_id and params.item_mark = 0),
outside as (delete from outside_total stored using params where stored.business_id = params.business_id and params.item_mark = 0),
settled as (delete from settled_total stored using params where stored.business_id = params.business_id and params.item_mark = 0),
settled_pairs as (delete from settled_match stored using params where stored.business_id = params.business_id and params.item_mark = 0),
settled_keys as (delete from settled_key stored using params where stored.business_id = params.business_id and params.item_mark = 0),
totals as (delete from match_total stored using params where stored.business_id = params.business_id),
coverage as (delete from coverage_span stored using params where stored.business_id = params.business_id)
delete from month_verdict stored using params where stored.business_id = params.business_id
