-- PAYMENT_IMBALANCE: payments are given; those of a PAID refund do not sum to the refunded amount, or those of any other
-- exceed it.
-- Grain: one finding per refund, without effect.
select refund.business_id, 'PAYMENT_IMBALANCE' as code, refund.direction, refund.refund_id, '{}'::bigint[] as leg_nos, '{}'::bigint[] as row_nos,
  false as carries_amount, false as carries_refund_fee, false as carries_returned_fee, null::date as due_on
from live_refund refund
where case when upper(refund.status) = 'PAID' then refund.payments_sum <> refund.refunded_amount
  else refund.payments_sum > refund.refunded_amount end
