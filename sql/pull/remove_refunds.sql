-- After a pull that says what is gone: marks the refunds that it no longer holds as removed. One that was quarantined is there, and
-- keeps what was read of it before.
-- Grain: one row per refund removed.
-- $1 business, $2 direction, $3 pull
-- last_pull_id becomes the last such pull before, which held them, since it did not find them removed.
with params as (select $1::uuid as business_id, $2::text as direction, $3::bigint as pull_id)

update ledger_refund refund
set removed_pull_id = params.pull_id,
    last_pull_id    = greatest(
      refund.changed_pull_id,
      (
        select max(earlier.pull_id)
        from pull as earlier
        where earlier.business_id = params.business_id and earlier.direction = params.direction
          and earlier.pull_id < params.pull_id and earlier.complete and not earlier.maybe_cut
          and earlier.quarantined_without_id = 0
      )
    )
from params
where refund.business_id = params.business_id
  and refund.direction = params.direction
  and refund.removed_pull_id is null
  and not exists (
    select
    from pull_refund as staged
    where staged.refund_id = refund.refund_id
  )
returning refund.refund_id
