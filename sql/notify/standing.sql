-- What stands after a night, and what is new and what went since the business was last reconciled as of an earlier instant.
-- as_of_before: null where there is no earlier one. New is also what was found again, and what was waited for and has become an error: the run's events say so.
-- Grain: one row per code that stands, or of which something went.
-- $1 business
-- A finding that went bears the as_of of the last run that found it: this night cleared those that the run before still had.
with params as not materialized (select $1::uuid as business_id),

night as (
  select reconciliation.as_of,
         (select max(event.at) from event
          where event.business_id = params.business_id and event.kind = 'run' and event.at < reconciliation.as_of
         ) as as_of_before
  from params
  join reconciliation on reconciliation.business_id = params.business_id
),

standing as (
  select discrepancy.code, min(night.as_of_before) as as_of_before,
         count(*) filter (where discrepancy.status in ('open', 'acknowledged')) as open,
         count(*) filter (
           where discrepancy.status = 'open'
             and (discrepancy.first_seen_at = night.as_of
                  or exists (
                    select from event
                    where event.business_id = params.business_id and event.subject = discrepancy.discrepancy_id
                      and event.kind in ('opened', 'reopened', 'overdue') and event.at = night.as_of))
         ) as new,
         count(*) filter (
           where discrepancy.status = 'cleared' and discrepancy.last_seen_at < night.as_of
             and discrepancy.last_seen_at >= night.as_of_before
         ) as cleared
  from params
  cross join night
  join discrepancy on discrepancy.business_id = params.business_id
  group by discrepancy.code
)

select code, open, new, cleared, as_of_before
from standing
where open > 0 or cleared > 0
order by code
