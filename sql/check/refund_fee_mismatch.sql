-- REFUND_FEE_MISMATCH: the refund fees of a match's legs and rows differ by more than the processor's fee_tolerance; also of a
-- cancelled refund whose fees do not cancel. Compared only where all items stand under per_refund.
-- Grain: one finding per match.
select judged.business_id, 'REFUND_FEE_MISMATCH' as code, judged.direction, judged.match_no,
  false as carries_amount, not judged.is_elsewhere as carries_refund_fee, false as carries_returned_fee
from match_judged judged
where not judged.is_failed and not judged.is_foreign and judged.refund_fee_compared and abs(judged.refund_fee) > judged.fee_tolerance
