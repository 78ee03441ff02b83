-- ALLOCATION_IMBALANCE: allocations are given and do not sum to the refunded amount. An empty list sums to 0; an absent
-- or null one is not checked.
-- Grain: one finding per refund that the ledger holds.
insert into finding (code, direction, refund_id, leg_nos, row_nos, carries_amount, carries_refund_fee, carries_returned_fee)
select 'ALLOCATION_IMBALANCE', refund.direction, refund.refund_id, '{}', '{}', false, false, false
from odd_refund refund
where refund.allocation_amounts is not null
  -- the sum of no amounts is 0, as the rule says of an empty list
  and refund.refunded_amount <> (select coalesce(sum(amount), 0) from unnest(refund.allocation_amounts) as amount)
order by refund.direction, refund.refund_id
