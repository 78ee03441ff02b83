-- How many records are in quarantine and count.
-- Grain: one row.
-- $1 business
with params as (select $1::uuid as business_id)

select count(*) as quarantined
from params
join open_quarantine using (business_id)
