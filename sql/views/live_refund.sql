-- The refunds that the ledger holds and that an IMBALANCE check may say something of, by the dates that a finding of the
-- whole refund counts in: those of its payments, else its own.
-- Grain: one row per refund.
select refund.business_id, refund.direction, refund.refund_id, refund.refunded_amount, refund.status,
  refund.allocations_sum, refund.payments_sum, refund.line_items_differ
from ledger_refund refund
join business on business.business_id = refund.business_id
where refund.removed_pull_id is null
  and (refund.allocations_sum <> refund.refunded_amount or refund.payments_sum <> refund.refunded_amount or refund.line_items_differ)
  and (business.starts_on is null or coalesce((
    select max(leg.completed_on) from ledger_leg leg
    where leg.business_id = refund.business_id and leg.direction = refund.direction and leg.refund_id = refund.refund_id
      and leg.active), refund.completed_on, business.starts_on) >= business.starts_on)
