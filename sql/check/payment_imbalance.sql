-- PAYMENT_IMBALANCE: payments are given and do not sum to the refunded amount where the status is PAID, or exceed it for
-- any other status.
-- Grain: one finding per refund that the ledger holds.
with params as not materialized (select $1::uuid as business_id, $2::bigint as pull_mark),
refund as (
  -- changed since the last run, or found by it
  select refund.* from params
  join ledger_refund refund on refund.business_id = params.business_id and refund.changed_pull_id > params.pull_mark
  union all
  select refund.* from params
  join discrepancy found on found.business_id = params.business_id and found.code = 'PAYMENT_IMBALANCE' and found.status <> 'cleared'
  join ledger_refund refund
    on refund.business_id = params.business_id and refund.direction = found.direction and refund.refund_id = found.refund_id
    and coalesce(refund.changed_pull_id, 0) <= params.pull_mark
)
insert into finding (code, direction, refund_id, leg_nos, row_nos, carries_amount, carries_refund_fee, carries_returned_fee)
select 'PAYMENT_IMBALANCE', refund.direction, refund.refund_id, '{}', '{}', false, false, false
from refund
where refund.removed_pull_id is null and refund.payments_sum is not null
  and case when upper(coalesce(refund.status, '')) = 'PAID' then refund.payments_sum <> refund.refunded_amount
      else refund.payments_sum > refund.refunded_amount end
order by refund.direction, refund.refund_id
