-- AWAITING_PROCESSOR: an unmatched leg whose dates the files do not cover yet.
-- Grain: one finding per leg.
select waiting.business_id, 'AWAITING_PROCESSOR' as code, waiting.direction, null::text as refund_id, array[waiting.leg_no] as leg_nos,
  '{}'::bigint[] as row_nos, true as carries_amount, true as carries_refund_fee, true as carries_returned_fee,
  waiting.due_on as due_on
from waiting_leg waiting
where not waiting.is_covered
