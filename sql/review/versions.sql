-- All versions of some refunds that the ledger ever had, and where their contents lie.
-- Grain: one row per refund and version, in the order in which they came. $1 business, beside each other: $2 directions, $3 refunds
with asked as not materialized (
  select named.direction, named.refund_id from unnest($2::text[], $3::text[]) as named (direction, refund_id)
)
select version.direction, version.refund_id, version.content_pull_id, version.content_page, version.content_place, pull.as_of
from (
  select kept.direction, kept.refund_id, kept.content_pull_id, kept.content_page, kept.content_place
  from asked
  join ledger_refund_version kept
    on kept.business_id = $1::uuid and kept.direction = asked.direction and kept.refund_id = asked.refund_id
  union
  select refund.direction, refund.refund_id, refund.content_pull_id, refund.content_page, refund.content_place
  from asked
  join ledger_refund refund
    on refund.business_id = $1::uuid and refund.direction = asked.direction and refund.refund_id = asked.refund_id
) version
join pull on pull.business_id = $1::uuid and pull.pull_id = version.content_pull_id
order by version.direction, version.refund_id, version.content_pull_id
