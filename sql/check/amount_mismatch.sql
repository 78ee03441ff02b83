-- AMOUNT_MISMATCH: the totals of a match's legs and rows differ by more than the processor's amount_tolerance. Nothing is
-- compared in a failed refund or across currencies; beside PROCESSOR_MISMATCH, which carries everything, without effect.
-- Grain: one finding per match.
select judged.business_id, 'AMOUNT_MISMATCH' as code, judged.direction, null::text as refund_id, judged.leg_nos, judged.row_nos,
  not judged.is_elsewhere as carries_amount, false as carries_refund_fee, false as carries_returned_fee, null::date as due_on
from match_judged judged
where not judged.is_failed and not judged.is_foreign and abs(judged.amount) > judged.amount_tolerance
