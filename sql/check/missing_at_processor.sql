-- MISSING_AT_PROCESSOR: an unmatched leg, where the files cover every date from its own to that + settlement_lag_days.
-- Grain: one finding per leg.
select waiting.business_id, 'MISSING_AT_PROCESSOR' as code, waiting.direction, null::text as refund_id, array[waiting.leg_no] as leg_nos,
  '{}'::bigint[] as row_nos, true as carries_amount, true as carries_refund_fee, true as carries_returned_fee,
  null::date as due_on
from waiting_leg waiting
where waiting.is_covered
