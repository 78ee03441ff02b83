-- Takes out the contents that a pull kept of refunds that came once more in it with other content.
-- Grain: one row per version taken out.
-- $1 business, $2 direction, $3 pull
with params as (select $1::uuid as business_id, $2::text as direction, $3::bigint as pull_id)

delete from ledger_refund_version version
using params
where version.business_id = params.business_id
  and version.direction = params.direction
  and version.pull_id = params.pull_id
  and not exists (
    select
    from ledger_refund as refund
    where refund.business_id = version.business_id and refund.direction = version.direction
      and refund.refund_id = version.refund_id and refund.content_hash = version.content_hash
  )
