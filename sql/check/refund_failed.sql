-- REFUND_FAILED: the ledger has a refund that its processor took back. Carries everything.
-- Grain: one finding per match.
select judged.business_id, 'REFUND_FAILED' as code, judged.direction, null::text as refund_id, judged.leg_nos, judged.row_nos,
  true as carries_amount, true as carries_refund_fee, true as carries_returned_fee, null::date as due_on
from match_judged judged
where judged.is_failed
