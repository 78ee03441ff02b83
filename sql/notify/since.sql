-- The findings that changed since the night before: new ones, those that the last run cleared, those that persons decided.
-- New is also what was found again, and what was waited for and has become an error. A finding that went bears the as_of of
-- the last run that found it: the last run cleared those that the run before still had. Decisions are those after the
-- event of the night before, whatever the clock said.
-- Grain: one row per change and finding, new ones first; one row without a finding where nothing changed.
-- before_at: as_of of the night before; null: there was none, and nothing is listed.
-- $1 business
-- On a bad night 20,000 findings are new: read through a cursor.
with params as not materialized (select $1::uuid as business_id),

night as (
  select params.business_id, run.as_of, before.at as before_at, before.event_number as before_number
  from params
  join reconciliation run on run.business_id = params.business_id
  left join lateral (
    select event.at, event.event_number from event
    where event.business_id = params.business_id and event.kind = 'run' and event.at < run.as_of
    order by event.at desc, event.event_number desc
    limit 1
  ) before on true
),

change as (
  select 'new' as change, found.discrepancy_id
  from night
  join discrepancy found on found.business_id = $1::uuid and found.status = 'open'
  where night.before_at is not null
    and (found.first_seen_at = night.as_of
         or exists (
           select from event
           where event.business_id = $1::uuid and event.subject = found.discrepancy_id
             and event.kind in ('opened', 'reopened', 'overdue') and event.at = night.as_of))
  union all
  select 'cleared', found.discrepancy_id
  from night
  join discrepancy found on found.business_id = $1::uuid and found.status = 'cleared'
  where found.last_seen_at < night.as_of and found.last_seen_at >= night.before_at
  union all
  select distinct 'decided', event.subject
  from night
  join event on event.business_id = $1::uuid and event.event_number > night.before_number
  where event.actor <> 'run' and event.kind in ('acknowledged', 'resolved')
)

select night.before_at, change.change, found.business_id, found.discrepancy_id, found.code, found.direction, found.processor,
       found.currency, found.refund_id, found.month, found.measure, found.status, found.dated_on, found.due_on,
       found.first_seen_at, found.last_seen_at, found.late, found.differs, 1::bigint as of_code
from night
left join change on true
left join discrepancy found on found.business_id = $1::uuid and found.discrepancy_id = change.discrepancy_id
order by change.change <> 'new', change.change, found.code, found.dated_on, found.discrepancy_id
