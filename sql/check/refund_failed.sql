-- REFUND_FAILED: the ledger has a refund that its processor took back. Carries everything.
-- Grain: one finding per match.
select judged.business_id, 'REFUND_FAILED' as code, judged.direction, judged.match_no,
  true as carries_amount, true as carries_refund_fee, true as carries_returned_fee
from match_judged judged
where judged.is_failed
