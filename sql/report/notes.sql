-- What a reader of the report should know, as the last run noted it.
-- Grain: one row per note.
-- $1 business
with params as (select $1::uuid as business_id)

select note.business_id, note.code, note.text, note.count, note.amount
from params
join note using (business_id)
order by note.code, note.place
