-- Adds the refunds that the ledger has not seen yet. In order of their ids: half the time of any other order.
-- Grain: one row per refund added.
-- $1 business, $2 direction, $3 pull
with params as (select $1::uuid as business_id, $2::text as direction, $3::bigint as pull_id)

insert into ledger_refund (
  business_id, direction, refund_id, content_hash, external_id, refunded_amount, status, completed_at, completed_on,
  reference_number, reference_keys, payment_keys, keys_written, allocation_amounts, allocation_line_sums, allocations_sum,
  line_items_differ, payments_sum, content_pull_id, content_page, content_place, first_pull_id, changed_pull_id, last_pull_id
)
select params.business_id, params.direction, staged.refund_id, staged.content_hash, staged.external_id, staged.amount,
  staged.status, staged.completed_at, staged.completed_on, staged.reference_number, staged.reference_keys,
  staged.payment_keys, staged.keys_written, staged.allocation_amounts, staged.allocation_line_sums, staged.allocations_sum,
  staged.line_items_differ, staged.payments_sum, params.pull_id, staged.content_page, staged.content_place, params.pull_id, params.pull_id, params.pull_id
from params
cross join pull_refund as staged
where staged.kind = 'refund'
  and not exists (
    select
    from ledger_refund as stored
    where stored.business_id = params.business_id and stored.direction = params.direction
      and stored.refund_id = staged.refund_id
  )
order by staged.refund_id
