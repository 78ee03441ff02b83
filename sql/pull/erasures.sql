-- The people of a business who were erased.
-- Grain: one row per person.
-- $1 business
with params as (select $1::uuid as business_id)

select erasure.person_sha256
from params
join erasure on erasure.business_id = params.business_id
