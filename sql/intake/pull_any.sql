-- Whether the ledger holds any refund of a direction: before the first pull nothing needs to be compared.
-- Grain: one row, or none.
-- $1 business, $2 direction
with params as (select $1::uuid as business_id, $2::text as direction)

select refund.direction
from params
join ledger_refund as refund on refund.business_id = params.business_id and refund.direction = params.direction
limit 1
