-- How many findings changed since the night before, as sql/notify/since.sql lists them for reports: new ones, those that the last run
-- cleared, those that persons decided after the event of the night before, whatever the clock said.
-- Grain: one row, none before the first run. $1 business. before_at: as_of of the night before; null: there was none, and all is new
with params as not materialized (select $1::uuid as business_id),

night as materialized (
  select run.as_of, before.at as before_at, before.event_number as before_number
  from params
  join reconciliation run on run.business_id = params.business_id
  left join lateral (
    select event.at, event.event_number from event
    where event.business_id = params.business_id and event.kind = 'run' and event.at < run.as_of
    order by event.at desc, event.event_number desc
    limit 1
  ) before on true
)

select night.before_at,
  -- found first, counted in an index; found again, or awaited in vain
  (select count(*) from discrepancy found
   where found.business_id = $1::uuid and found.status <> 'cleared' and found.status = 'open' and found.first_seen_at = night.as_of
     and night.before_at is not null)
  + (select count(distinct event.subject)
     from event
     join discrepancy found on found.business_id = $1::uuid and found.discrepancy_id = event.subject and found.status = 'open'
       and found.first_seen_at <> night.as_of
     where event.business_id = $1::uuid and event.event_number > night.before_number and event.at = night.as_of
       and event.kind in ('reopened', 'overdue')) as new,
  (select count(*) from discrepancy found
   where found.business_id = $1::uuid and found.status = 'cleared' and found.last_seen_at < night.as_of
     and found.last_seen_at >= night.before_at) as cleared,
  (select count(distinct event.subject) from event
   where event.business_id = $1::uuid and event.event_number > night.before_number and event.actor <> 'run'
     and event.kind in ('acknowledged', 'resolved')) as decided
from night
