-- RETURNED_FEE_MISMATCH: the returned fees of a match's legs and rows differ by more than the processor's fee_tolerance; also of a
-- cancelled refund whose fees do not cancel. Compared only where all items stand under per_refund.
-- Grain: one finding per match.
select judged.business_id, 'RETURNED_FEE_MISMATCH' as code, judged.direction, judged.match_no,
  false as carries_amount, false as carries_refund_fee, not judged.is_elsewhere as carries_returned_fee
from match_judged judged
where not judged.is_failed and not judged.is_foreign and judged.returned_fee_compared and abs(judged.returned_fee) > judged.fee_tolerance
