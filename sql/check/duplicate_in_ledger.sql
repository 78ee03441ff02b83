-- DUPLICATE_IN_LEDGER: a leg that names a row which another leg has already: the refund is booked twice.
-- Grain: one finding per leg.
select leg.business_id, 'DUPLICATE_IN_LEDGER' as code, leg.direction, null::text as refund_id, array[leg.leg_no] as leg_nos,
  '{}'::bigint[] as row_nos, true as carries_amount, true as carries_refund_fee, true as carries_returned_fee, null::date as due_on
from open_leg leg
join business on business.business_id = leg.business_id
where leg.state = 'duplicate' and (business.starts_on is null or leg.on_date >= business.starts_on)
