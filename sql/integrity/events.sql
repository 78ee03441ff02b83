-- The events of a business are numbered 1, 2, 3 without gaps, and each names the hash of the one before it.
-- Grain: one row per event of which that is not so.
select chain.business_id, format('event %s: %s', chain.event_number,
    case when chain.event_number <> chain.place then 'the one before it is missing' else 'it does not name the hash of the one before it' end) as wrong
from (
  select business_id, event_number, previous_hash,
    row_number() over (partition by business_id order by event_number) as place,
    lag(hash, 1, repeat('0', 64)) over (partition by business_id order by event_number) as hash_before
  from event
) chain
where chain.event_number <> chain.place or chain.previous_hash <> chain.hash_before
