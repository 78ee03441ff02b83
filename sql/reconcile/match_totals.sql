-- Adds what this run matched to the totals of the passes, and takes off what it undid.
-- Grain: one row per direction, processor and pass. $1 business; beside each other: $2 directions, $3 processors, $4 passes,
-- $5 legs, $6 rows, $7 amounts, $8 matches
insert into match_total as stored (business_id, direction, processor, pass, legs, rows, amount, count)
select $1::uuid, change.direction, change.processor, change.pass, change.legs, change.rows, change.amount, change.count
from unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::numeric[], $8::bigint[])
  as change (direction, processor, pass, legs, rows, amount, count)
on conflict (business_id, direction, processor, pass) do update
set legs = stored.legs + excluded.legs, rows = stored.rows + excluded.rows, amount = stored.amount + excluded.amount,
    count = stored.count + excluded.count
