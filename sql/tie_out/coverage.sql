-- Which dates each account's files cover, and which each processor covers, written where they differ from the last run's.
-- Grain: one row per unbroken span of dates of an account, and of a processor. $1 business
with account_span as (
  select covered.processor, covered.account, lower(span) as covers_from, upper(span) - 1 as covers_to
  from account_cover covered
  cross join unnest(covered.cover) as span
  where covered.business_id = $1::uuid
),
processor_span as (
  select covered.processor, coalesce(lower(span), '-infinity') as covers_from, coalesce(upper(span) - 1, 'infinity') as covers_to
  from processor_cover covered
  cross join unnest(covered.cover) as span
  where covered.business_id = $1::uuid
),
account_gone as (
  delete from account_coverage stored
  where stored.business_id = $1::uuid and not exists (
    select from account_span span
    where span.processor = stored.processor and span.account = stored.account and span.covers_from = stored.covers_from)
),
account_stored as (
  insert into account_coverage as stored (business_id, processor, account, covers_from, covers_to)
  select $1::uuid, span.processor, span.account, span.covers_from, span.covers_to
  from account_span span
  on conflict (business_id, processor, account, covers_from) do update set covers_to = excluded.covers_to
  where stored.covers_to <> excluded.covers_to
),
processor_gone as (
  delete from coverage_span stored
  where stored.business_id = $1::uuid and not exists (
    select from processor_span span where span.processor = stored.processor and span.covers_from = stored.covers_from)
)
insert into coverage_span as stored (business_id, processor, covers_from, covers_to)
select $1::uuid, span.processor, span.covers_from, span.covers_to
from processor_span span
on conflict (business_id, processor, covers_from) do update set covers_to = excluded.covers_to
where stored.covers_to <> excluded.covers_to
