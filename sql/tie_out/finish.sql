-- Notes as of when the business was last reconciled, with what settings, and how far it has been looked at.
-- Grain: one row per business.
with params as not materialized (
  select $1::uuid as business_id, $2::timestamptz as as_of, $3::timestamptz as now,
    $4::bigint as item_mark, $5::bigint as pull_mark, $6::text as settings
)
insert into reconciliation (business_id, as_of, finished_at, item_mark, pull_mark, settings)
select business_id, as_of, now, item_mark, pull_mark, settings from params
on conflict (business_id) do update
set as_of = excluded.as_of, finished_at = excluded.finished_at, item_mark = excluded.item_mark,
    pull_mark = excluded.pull_mark, settings = excluded.settings
