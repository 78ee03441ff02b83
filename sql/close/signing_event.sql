-- The event by which a close was signed.
-- Grain: one row, or none. $1 business, $2 the close as events name it
select event.event_number, event.at, event.actor, event.kind, event.subject, event.from_state, event.to_state, event.note, event.details,
  event.previous_hash, event.hash
from event
where event.business_id = $1::uuid and event.subject = $2::text and event.kind = 'month_closed'
