-- Brings refunds that the ledger has up to date with what a pull brought: changed ones, and removed ones that are back.
-- Grain: one row per refund changed; one that is the same is not written.
-- $1 business, $2 direction, $3 pull
with params as (select $1::uuid as business_id, $2::text as direction, $3::bigint as pull_id)

update ledger_refund refund
set content_hash         = staged.content_hash,
    external_id          = staged.external_id,
    refunded_amount      = staged.amount,
    status               = staged.status,
    completed_at         = staged.completed_at,
    completed_on         = staged.completed_on,
    reference_number     = staged.reference_number,
    reference_keys       = staged.reference_keys,
    payment_keys         = staged.payment_keys,
    keys_written         = staged.keys_written,
    allocation_amounts   = staged.allocation_amounts,
    allocation_line_sums = staged.allocation_line_sums,
    allocations_sum      = staged.allocations_sum,
    line_items_differ    = staged.line_items_differ,
    payments_sum         = staged.payments_sum,
    content_pull_id      = case when refund.content_hash = staged.content_hash then refund.content_pull_id else params.pull_id end,
    content_page         = case when refund.content_hash = staged.content_hash then refund.content_page else staged.content_page end,
    content_place        = case when refund.content_hash = staged.content_hash then refund.content_place else staged.content_place end,
    changed_pull_id      = params.pull_id,
    last_pull_id         = params.pull_id,
    removed_pull_id      = null
from params
cross join pull_refund as staged
where staged.kind = 'refund'
  and refund.business_id = params.business_id
  and refund.direction = params.direction
  and refund.refund_id = staged.refund_id
  and (refund.content_hash <> staged.content_hash or refund.removed_pull_id is not null)
