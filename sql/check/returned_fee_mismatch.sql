-- RETURNED_FEE_MISMATCH: the returned fees of a match's legs and rows differ in total by more than the fee_tolerance of the rows'
-- processor. Also a cancelled refund whose fees do not cancel. Not compared where REFUND_FAILED or CURRENCY_MISMATCH stands; without effect beside PROCESSOR_MISMATCH.
-- Grain: one finding per match.
insert into finding (code, direction, leg_nos, row_nos, carries_amount, carries_refund_fee, carries_returned_fee)
select 'RETURNED_FEE_MISMATCH', direction, leg_nos, row_nos, false, false, not elsewhere
from suspect_match
where not failed and not foreign_currency and abs(returned_fee) > fee_tolerance
order by match_no
