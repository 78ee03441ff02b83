-- Keeps where the contents lie that refunds had until this pull brought another.
-- Grain: one row per refund with another content.
-- $1 business, $2 direction
with params as (select $1::uuid as business_id, $2::text as direction)

insert into ledger_refund_version (
  business_id, direction, refund_id, content_hash, content_pull_id, content_page, content_place
)
select refund.business_id, refund.direction, refund.refund_id, refund.content_hash, refund.content_pull_id,
  refund.content_page, refund.content_place
from params
cross join pull_refund as staged
join ledger_refund as refund
  on refund.business_id = params.business_id and refund.direction = params.direction
     and refund.refund_id = staged.refund_id
where staged.kind = 'refund' and refund.content_hash <> staged.content_hash
