-- WITHIN_TOLERANCE: measures of a match differ, but by no more than the processor's tolerance. Carries these measures;
-- beside PROCESSOR_MISMATCH none.
-- Grain: one finding per match.
select judged.business_id, 'WITHIN_TOLERANCE' as code, judged.direction, judged.match_no,
  within.amount and not judged.is_elsewhere as carries_amount,
  within.refund_fee and not judged.is_elsewhere as carries_refund_fee,
  within.returned_fee and not judged.is_elsewhere as carries_returned_fee
from match_judged judged
cross join lateral (
  select judged.amount <> 0 and abs(judged.amount) <= judged.amount_tolerance as amount,
    judged.refund_fee_compared and judged.refund_fee <> 0 and abs(judged.refund_fee) <= judged.fee_tolerance as refund_fee,
    judged.returned_fee_compared and judged.returned_fee <> 0 and abs(judged.returned_fee) <= judged.fee_tolerance as returned_fee
) within
where not judged.is_failed and not judged.is_foreign and (within.amount or within.refund_fee or within.returned_fee)
