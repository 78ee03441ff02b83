-- PAYMENT_IMBALANCE: payments are given and do not sum to the refunded amount where the status is PAID, or exceed it for
-- any other status.
-- Grain: one finding per refund that the ledger holds.
insert into finding (code, direction, refund_id, leg_nos, row_nos, carries_amount, carries_refund_fee, carries_returned_fee)
select 'PAYMENT_IMBALANCE', refund.direction, refund.refund_id, '{}', '{}', false, false, false
from odd_refund refund
where refund.payments_sum is not null
  and case when upper(coalesce(refund.status, '')) = 'PAID' then refund.payments_sum <> refund.refunded_amount
      else refund.payments_sum > refund.refunded_amount end
order by refund.direction, refund.refund_id
