-- The refunds that stand in the ledger as its last pulls left it: how many, their sum, first and last id.
-- Grain: one row per direction.
-- $1 business
with params as (select $1::uuid as business_id)

select refund.direction, count(*) as refunds, sum(refund.refunded_amount) as amount,
       min(refund.refund_id) as first_id, max(refund.refund_id) as last_id
from params
join ledger_refund as refund using (business_id)
where refund.removed_pull_id is null
group by refund.direction
order by refund.direction
