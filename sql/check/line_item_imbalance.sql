-- LINE_ITEM_IMBALANCE: the line items of an allocation do not sum to it.
-- Grain: one finding per refund, without effect.
select refund.business_id, 'LINE_ITEM_IMBALANCE' as code, refund.direction, refund.refund_id, '{}'::bigint[] as leg_nos, '{}'::bigint[] as row_nos,
  false as carries_amount, false as carries_refund_fee, false as carries_returned_fee, null::date as due_on
from live_refund refund
where refund.line_items_differ
