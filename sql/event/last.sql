-- The end of a business's chain of events.
-- Grain: one row, or none where nothing has happened.
-- $1 business
select event.event_number, event.hash
from event
where event.business_id = $1::uuid
order by event.event_number desc
limit 1
