-- Takes out the contents that a pull kept once more: a change taken back, a removed refund that is back, one whose id
-- does not stand where it is looked for before it is read.
-- Grain: one row per version taken out.
-- $1 business, $2 direction, $3 pull
with params as not materialized (
  select $1::uuid as business_id, $2::text as direction, $3::bigint as pull_id
),

known as (
  select staged.place, staged.refund_id, staged.content_hash
  from params
  cross join pull_stage as staged
  join ledger_refund as refund
    on refund.business_id = params.business_id and refund.direction = params.direction
       and refund.refund_id = staged.refund_id
  where staged.kind = 'refund' and refund.first_pull_id < params.pull_id
),

kept as (
  -- `offset 0`: one look-up each, whatever the planner expects
  select known.place
  from params
  cross join known
  cross join lateral (
    select
    from ledger_refund_version as earlier
    where earlier.business_id = params.business_id and earlier.direction = params.direction
      and earlier.refund_id = known.refund_id and earlier.content_hash = known.content_hash
      and earlier.pull_id < params.pull_id
    offset 0
  ) as the_same
)

delete from ledger_refund_version version
using params, kept
where version.business_id = params.business_id
  and version.pull_id = params.pull_id
  and version.place = kept.place
