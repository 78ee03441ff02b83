-- Takes out the contents that a pull kept of refunds that came once more in it: their places are not on the stage any more.
-- Grain: one row per version taken out.
-- $1 business, $2 pull
with params as (select $1::uuid as business_id, $2::bigint as pull_id)

delete from ledger_refund_version version
using params
where version.business_id = params.business_id
  and version.pull_id = params.pull_id
  and not exists (select from pull_stage as staged where staged.kind = 'refund' and staged.place = version.place)
