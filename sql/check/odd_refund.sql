-- The refunds that the IMBALANCE checks have to look at: those that the ledger holds and that changed since the last run
-- or were found by it, but for the plain ones: one allocation, of the refunded amount, whose line items, where it has
-- any, sum to it; and payments that sum to the refunded amount.
-- Grain: one row per refund. Volume: a few of a hundred; one scan for three checks.
with params as not materialized (select $1::uuid as business_id, $2::bigint as pull_mark),
refund as (
  select refund.* from params
  join ledger_refund refund on refund.business_id = params.business_id and refund.changed_pull_id > params.pull_mark
  union all
  select refund.* from params
  join (
    select distinct found.direction, found.refund_id
    from params
    join discrepancy found
      on found.business_id = params.business_id and found.status <> 'cleared'
      and found.code in ('ALLOCATION_IMBALANCE', 'PAYMENT_IMBALANCE', 'LINE_ITEM_IMBALANCE')
  ) found on true
  join ledger_refund refund
    on refund.business_id = params.business_id and refund.direction = found.direction and refund.refund_id = found.refund_id
    and refund.changed_pull_id <= params.pull_mark
)
insert into odd_refund
  (direction, refund_id, refunded_amount, status, allocation_amounts, allocation_line_sums, payments_sum)
select refund.direction, refund.refund_id, refund.refunded_amount, refund.status, refund.allocation_amounts,
  refund.allocation_line_sums, refund.payments_sum
from refund
where refund.removed_pull_id is null
  and (cardinality(refund.allocation_amounts) <> 1
    or refund.allocation_amounts[1] <> refund.refunded_amount
    or refund.allocation_line_sums[1] <> refund.allocation_amounts[1]
    or refund.payments_sum <> refund.refunded_amount)
