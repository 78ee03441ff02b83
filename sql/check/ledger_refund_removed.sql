-- LEDGER_REFUND_REMOVED: a refund seen before is gone from a complete pull, and no refund with its external id, amount and
-- date is there.
-- Grain: one finding per refund, without effect.
select refund.business_id, 'LEDGER_REFUND_REMOVED' as code, refund.direction, refund.refund_id, '{}'::bigint[] as leg_nos,
  '{}'::bigint[] as row_nos, false as carries_amount, false as carries_refund_fee, false as carries_returned_fee, null::date as due_on
from ledger_refund refund
join business on business.business_id = refund.business_id
cross join lateral (
  select max(leg.completed_on) as on_date from ledger_leg leg
  where leg.business_id = refund.business_id and leg.direction = refund.direction and leg.refund_id = refund.refund_id
) paid
where refund.removed_pull_id is not null
  and (business.starts_on is null or coalesce(paid.on_date, refund.completed_on, business.starts_on) >= business.starts_on)
  and not exists (
    select from ledger_refund other
    where other.business_id = refund.business_id and other.direction = refund.direction
      and other.external_id = refund.external_id and other.removed_pull_id is null
      and other.refunded_amount = refund.refunded_amount and other.completed_on is not distinct from refund.completed_on)
