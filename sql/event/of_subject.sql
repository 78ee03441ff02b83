-- What happened to one thing.
-- Grain: one row per event. $1 business, $2 what it is about
select event.event_number, event.at, event.actor, event.kind, event.from_state, event.to_state, event.note
from event
where event.business_id = $1::uuid and event.subject = $2::text
order by event.event_number
