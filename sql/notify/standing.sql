-- What stands after a night, and what is new and what went since the business was last reconciled.
-- Grain: one row per code that stands, or of which something went.
-- $1 business
with params as not materialized (select $1::uuid as business_id),

standing as (
  select discrepancy.code,
         count(*) filter (where discrepancy.status = 'open') as open,
         count(*) filter (where discrepancy.status = 'open' and discrepancy.first_seen_at = reconciliation.as_of) as new,
         count(*) filter (
           where discrepancy.status = 'cleared' and discrepancy.last_seen_at < reconciliation.as_of
             and exists (
               select from discrepancy_event as event
               where event.business_id = params.business_id
                 and event.discrepancy_id = discrepancy.discrepancy_id
                 and event.to_status = 'cleared' and event.happened_at = reconciliation.as_of
             )
         ) as cleared
  from params
  join reconciliation using (business_id)
  join discrepancy using (business_id)
  group by discrepancy.code
)

select code, open, new, cleared
from standing
where open > 0 or cleared > 0
order by code
