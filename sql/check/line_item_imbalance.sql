-- LINE_ITEM_IMBALANCE: an allocation has line items whose amounts do not sum to it. Once per refund.
-- Grain: one finding per refund that the ledger holds.
insert into finding (code, direction, refund_id, leg_nos, row_nos, carries_amount, carries_refund_fee, carries_returned_fee)
select 'LINE_ITEM_IMBALANCE', refund.direction, refund.refund_id, '{}', '{}', false, false, false
from odd_refund refund
where exists (
    select from unnest(refund.allocation_amounts, refund.allocation_line_sums) as allocation (amount, line_sum)
    where allocation.line_sum <> allocation.amount)
order by refund.direction, refund.refund_id
