-- DUPLICATE_IN_LEDGER: a leg whose refund id another leg has already taken: the refund is booked twice.
-- Grain: one finding per duplicate leg, without rows.
insert into finding (code, direction, leg_nos, row_nos, carries_amount, carries_refund_fee, carries_returned_fee)
select 'DUPLICATE_IN_LEDGER', leg.direction, array[leg.leg_no], '{}', true, true, true
from duplicate_leg duplicate join work_leg leg on leg.leg_no = duplicate.leg_no
order by leg.leg_no
