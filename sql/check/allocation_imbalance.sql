-- ALLOCATION_IMBALANCE: allocations are given and do not sum to the refunded amount. An empty list sums to 0; an absent or
-- null one is not checked.
-- Grain: one finding per refund, without effect.
select refund.business_id, 'ALLOCATION_IMBALANCE' as code, refund.direction, refund.refund_id, '{}'::bigint[] as leg_nos, '{}'::bigint[] as row_nos,
  false as carries_amount, false as carries_refund_fee, false as carries_returned_fee, null::date as due_on
from live_refund refund
where refund.allocations_sum <> refund.refunded_amount
