-- LEDGER_REFUND_REMOVED: a refund seen before is gone from a complete pull.
-- Grain: one finding per refund.
with params as not materialized (select $1::uuid as business_id, $2::bigint as pull_mark),
refund as (
  -- removed since the last run, or found by it
  select refund.* from params
  join ledger_refund refund on refund.business_id = params.business_id and refund.removed_pull_id > params.pull_mark
  union all
  select refund.* from params
  join discrepancy found on found.business_id = params.business_id and found.code = 'LEDGER_REFUND_REMOVED' and found.status <> 'cleared'
  join ledger_refund refund
    on refund.business_id = params.business_id and refund.direction = found.direction and refund.refund_id = found.refund_id
    and coalesce(refund.removed_pull_id, 0) <= params.pull_mark
)
insert into finding (code, direction, refund_id, leg_nos, row_nos, carries_amount, carries_refund_fee, carries_returned_fee)
select 'LEDGER_REFUND_REMOVED', refund.direction, refund.refund_id, '{}', '{}', false, false, false
from refund
where refund.removed_pull_id is not null
order by refund.direction, refund.refund_id
