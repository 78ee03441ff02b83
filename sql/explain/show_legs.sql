-- The legs as every rule reads them.
-- Grain: one row per leg, in order. $1 business, $2 legs
select leg.leg_no, leg.leg_id, leg.refund_id, leg.direction, leg.processor, leg.on_date, leg.amount, leg.refund_fee,
  leg.returned_fee, leg.currency, leg.identity_keys, refund.reference_keys, leg.is_outside
from leg
left join ledger_refund refund
  on refund.business_id = leg.business_id and refund.direction = leg.direction and refund.refund_id = leg.refund_id
where leg.business_id = $1::uuid and leg.leg_no = any ($2::bigint[])
order by leg.on_date, leg.leg_id, leg.refund_id
