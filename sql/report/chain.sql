-- The last event of a business: by its number and hash nobody can cut off or change what came before.
-- Grain: one row, or none where nothing has happened.
-- $1 business
with params as (select $1::uuid as business_id)

select event.business_id, event.event_number, event.hash as event_hash
from params
join event using (business_id)
order by event.event_number desc
limit 1
