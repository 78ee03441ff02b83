-- CUTOFF_MISMATCH: the totals of a measure agree but fall into different months, as with a refund booked on the last of
-- a month and paid on the first of the next; also a refund cancelled in another month. Not beside REFUND_FAILED,
-- CURRENCY_MISMATCH or PROCESSOR_MISMATCH, which carry everything. Carries the measures that agree.
-- Grain: one finding per match.
with judged as (
  select match_no, direction, leg_nos, row_nos,
    amount = 0 and amount_moved as amount_cut,
    refund_fee = 0 and refund_fee_moved as refund_fee_cut,
    returned_fee = 0 and returned_fee_moved as returned_fee_cut
  from suspect_match
  where not failed and not foreign_currency and not elsewhere
)
insert into finding (code, direction, leg_nos, row_nos, carries_amount, carries_refund_fee, carries_returned_fee)
select 'CUTOFF_MISMATCH', direction, leg_nos, row_nos, amount_cut, refund_fee_cut, returned_fee_cut
from judged
where amount_cut or refund_fee_cut or returned_fee_cut
order by match_no
