-- Notes as of when the business was last reconciled.
-- Grain: one row per business.
with params as (select $1::uuid as business_id, $2::timestamptz as as_of, $3::timestamptz as now)
insert into reconciliation (business_id, as_of, finished_at)
select business_id, as_of, now from params
on conflict (business_id) do update set as_of = excluded.as_of, finished_at = excluded.finished_at
