-- What some pulls held: first and last refund id, and the sum of the refunds.
-- Grain: one row per pull.
-- $1 business, $2 pull ids
with params as (select $1::uuid as business_id, $2::bigint[] as pull_ids)

select refund.last_pull_id as pull_id, min(refund.refund_id) as first_id, max(refund.refund_id) as last_id,
       sum(refund.refunded_amount)::bigint as amount
from params
join ledger_refund as refund
  on refund.business_id = params.business_id and refund.last_pull_id = any (params.pull_ids)
group by refund.last_pull_id
order by refund.last_pull_id
