-- Takes out the refunds that a direction's first pull added before they came once more in it, with their legs: they are
-- added as they came last.
-- Grain: one row per refund taken out.
-- $1 business, $2 direction
with params as not materialized (select $1::uuid as business_id, $2::text as direction),

legs as (
  delete from ledger_leg leg
  using params, pull_stage as staged
  where staged.kind = 'refund'
    and leg.business_id = params.business_id and leg.direction = params.direction and leg.refund_id = staged.refund_id
)

delete from ledger_refund refund
using params, pull_stage as staged
where staged.kind = 'refund'
  and refund.business_id = params.business_id and refund.direction = params.direction
  and refund.refund_id = staged.refund_id
