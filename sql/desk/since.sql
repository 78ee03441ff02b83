-- What the last night changed, as its runs said in their events, and what persons decided since the night before.
-- Grain: one row. $1 business. before_at: as_of of the night before; null: this was the first
with params as not materialized (select $1::uuid as business_id),

night as (
  select run.as_of,
    (select max(event.at) from event
     where event.business_id = params.business_id and event.kind = 'run' and event.at < run.as_of) as before_at
  from params
  join reconciliation run on run.business_id = params.business_id
),

change as (
  select said.key as kind, sum((said.value ->> 'count')::bigint)::bigint as count
  from params
  cross join night
  join event on event.business_id = params.business_id and event.kind = 'run' and event.at = night.as_of
  cross join json_each(event.details::json) said
  group by said.key
)

select night.before_at,
  coalesce((select sum(change.count) from change where change.kind in ('opened', 'reopened', 'timing_opened', 'timing_reopened')), 0)::bigint as new,
  coalesce((select sum(change.count) from change where change.kind in ('cleared', 'timing_cleared')), 0)::bigint as cleared,
  (select count(distinct event.subject) from event
   where event.business_id = $1::uuid and event.actor <> 'run' and event.kind in ('acknowledged', 'resolved')
     and (night.before_at is null or event.at > night.before_at)) as decided
from night
