-- Counts the refunds that the ledger holds of a direction.
-- Grain: one row.
-- $1 business, $2 direction
with params as (select $1::uuid as business_id, $2::text as direction)

select count(*) as refunds
from params
join ledger_refund as refund on refund.business_id = params.business_id and refund.direction = params.direction
