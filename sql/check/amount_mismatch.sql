-- AMOUNT_MISMATCH: the totals of a match's legs and rows differ by more than the processor's amount_tolerance. Nothing is
-- compared in a failed refund or across currencies; beside PROCESSOR_MISMATCH, which carries everything, without effect.
-- Grain: one finding per match.
select judged.business_id, 'AMOUNT_MISMATCH' as code, judged.direction, judged.match_no,
  not judged.is_elsewhere as carries_amount, false as carries_refund_fee, false as carries_returned_fee
from match_judged judged
where not judged.is_failed and not judged.is_foreign and abs(judged.amount) > judged.amount_tolerance
