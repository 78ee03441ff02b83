-- Whether a business was already reconciled as of a later instant.
-- Grain: one row where it was, else none.
-- $1 business, $2 as of
with params as (select $1::uuid as business_id, $2::timestamptz as as_of)

select reconciliation.as_of
from params
join reconciliation using (business_id)
where reconciliation.as_of > params.as_of
