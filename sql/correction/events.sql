-- What happened to a correction.
-- Grain: one row per event, in order.
-- $1 business, $2 correction
select happened_at, actor, from_status, to_status, request_sha256, note
from correction_event
where business_id = $1::uuid and correction_id = $2::text
order by event_id
