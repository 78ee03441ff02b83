-- Appends events to a business's chain.
-- Grain: one row per event. $1 business; beside each other: $2 numbers, $3 instants, $4 actors, $5 kinds, $6 subjects, $7 states
-- before, $8 states after, $9 notes, $10 details, $11 hashes of the events before, $12 hashes
insert into event (business_id, event_number, at, actor, kind, subject, from_state, to_state, note, details, previous_hash, hash)
select $1::uuid, item.*
from unnest($2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
  $11::text[], $12::text[])
  as item (event_number, at, actor, kind, subject, from_state, to_state, note, details, previous_hash, hash)
