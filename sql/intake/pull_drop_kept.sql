-- Takes out the contents that a pull kept once more: of a removed refund that is back as it was, of one whose id does not
-- stand where it is looked for before it is read.
-- Grain: one row per version taken out.
-- $1 business, $2 direction, $3 pull
with params as not materialized (
  select $1::uuid as business_id, $2::text as direction, $3::bigint as pull_id
),

kept as (
  select staged.place
  from params
  cross join pull_stage as staged
  join ledger_refund as refund
    on refund.business_id = params.business_id and refund.direction = params.direction
       and refund.refund_id = staged.refund_id
  where staged.kind = 'refund' and refund.content_pull_id < params.pull_id
)

delete from ledger_refund_version version
using params, kept
where version.business_id = params.business_id
  and version.pull_id = params.pull_id
  and version.place = kept.place
