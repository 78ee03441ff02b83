-- PROCESSOR_MISMATCH: the row that a leg names by an id is another processor's than the leg says. Carries everything, unless
-- REFUND_FAILED or a finding about the currency does.
-- Grain: one finding per match.
select judged.business_id, 'PROCESSOR_MISMATCH' as code, judged.direction, judged.match_no,
  not judged.is_failed and not judged.is_foreign as carries_amount,
  not judged.is_failed and not judged.is_foreign as carries_refund_fee,
  not judged.is_failed and not judged.is_foreign as carries_returned_fee
from match_judged judged
where judged.is_elsewhere
