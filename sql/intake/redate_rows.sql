-- Dates every record of processor_row that has an instant anew, after the business's time zone was changed. A record with a
-- date alone keeps it: it is that date in every zone.
-- Grain: one row per record of the business whose date changes.
-- $1 business, $2 time zone
with params as (select $1::uuid as business_id, $2::text as time_zone)

update processor_row stored
set occurred_on = (stored.occurred_at at time zone params.time_zone)::date
from params
where stored.business_id = params.business_id
  and stored.occurred_at is not null
  and stored.occurred_on is distinct from (stored.occurred_at at time zone params.time_zone)::date
