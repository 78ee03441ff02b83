-- The first lines that a file had set aside, to say why it is refused as a whole.
-- Grain: one row per line set aside, five at most.
-- $1 business, $2 file
with params as (select $1::uuid as business_id, $2::bigint as file_id)

select quarantine.line, quarantine.reason
from params
join quarantine using (business_id, file_id)
order by quarantine.line, quarantine.quarantine_id
limit 5
