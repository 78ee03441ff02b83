-- A business's events from the first on.
-- Grain: one row per event. $1 business
select event.event_number, event.at, event.actor, event.kind, event.subject, event.from_state, event.to_state, event.note,
  event.details, event.previous_hash, event.hash
from event
where event.business_id = $1::uuid
order by event.event_number
