-- Takes out the contents that a pull kept of what its stage no longer holds: readings that were begun anew, and refunds
-- that came once more with other content.
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
    from pull_stage as staged
    where staged.kind = 'refund' and staged.refund_id = version.refund_id and staged.content_hash = version.content_hash
  )
