-- ALLOCATION_IMBALANCE: allocations are given and do not sum to the refunded amount. An empty list sums to 0; an absent
-- or null one is not checked.
-- Grain: one finding per refund that the ledger holds.
with params as not materialized (select $1::uuid as business_id, $2::bigint as pull_mark),
refund as (
  -- changed since the last run, or found by it
  select refund.* from params
  join ledger_refund refund on refund.business_id = params.business_id and refund.changed_pull_id > params.pull_mark
  union all
  select refund.* from params
  join discrepancy found on found.business_id = params.business_id and found.code = 'ALLOCATION_IMBALANCE' and found.status <> 'cleared'
  join ledger_refund refund
    on refund.business_id = params.business_id and refund.direction = found.direction and refund.refund_id = found.refund_id
    and coalesce(refund.changed_pull_id, 0) <= params.pull_mark
)
insert into finding (code, direction, refund_id, leg_nos, row_nos, carries_amount, carries_refund_fee, carries_returned_fee)
select 'ALLOCATION_IMBALANCE', refund.direction, refund.refund_id, '{}', '{}', false, false, false
from refund
where refund.removed_pull_id is null and refund.allocation_amounts is not null
  -- the sum of no amounts is 0, as the rule says of an empty list
  and refund.refunded_amount <> (select coalesce(sum(amount), 0) from unnest(refund.allocation_amounts) as amount)
order by refund.direction, refund.refund_id
