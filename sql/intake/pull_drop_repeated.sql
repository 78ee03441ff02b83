-- Takes out the contents that a pull kept of refunds that came once more in it, further down the listing.
-- Grain: one row per version taken out.
-- $1 business, $2 pull
with params as not materialized (select $1::uuid as business_id, $2::bigint as pull_id)

delete from ledger_refund_version version
using params, pull_stage as staged
where version.business_id = params.business_id
  and version.pull_id = params.pull_id
  and staged.kind in ('refund', 'known')
  and version.refund_id = staged.refund_id
  and version.place < staged.place
