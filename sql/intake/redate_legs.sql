-- Dates every record of ledger_leg that has an instant anew, after the business's time zone was changed. A record with a
-- date alone keeps it: it is that date in every zone.
-- Grain: one row per record of the business whose date changes.
-- $1 business, $2 time zone
with params as (select $1::uuid as business_id, $2::text as time_zone)

update ledger_leg stored
set completed_on = (stored.completed_at at time zone params.time_zone)::date
from params
where stored.business_id = params.business_id
  and stored.completed_at is not null
  and stored.completed_on is distinct from (stored.completed_at at time zone params.time_zone)::date
