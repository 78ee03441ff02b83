-- CUTOFF_MISMATCH: the totals of a measure agree but fall into different months, as with a refund booked on the last of a
-- month and made on the first of the next; also a refund cancelled in another month. Carries these measures.
-- Grain: one finding per match.
select judged.business_id, 'CUTOFF_MISMATCH' as code, judged.direction, judged.match_no,
  moved.amount as carries_amount, moved.refund_fee as carries_refund_fee, moved.returned_fee as carries_returned_fee
from match_judged judged
cross join lateral (
  select judged.amount = 0 and judged.amount_moved as amount,
    judged.refund_fee_compared and judged.refund_fee = 0 and judged.refund_fee_moved as refund_fee,
    judged.returned_fee_compared and judged.returned_fee = 0 and judged.returned_fee_moved as returned_fee
) moved
where not judged.is_failed and not judged.is_foreign and not judged.is_elsewhere
  and (moved.amount or moved.refund_fee or moved.returned_fee)
