-- AMOUNT_MISMATCH: the amounts of a match's legs and rows differ in total by more than the amount_tolerance of the rows'
-- processor. Not compared where REFUND_FAILED or CURRENCY_MISMATCH stands; without effect beside PROCESSOR_MISMATCH.
-- Grain: one finding per match.
insert into finding (code, direction, leg_nos, row_nos, carries_amount, carries_refund_fee, carries_returned_fee)
select 'AMOUNT_MISMATCH', direction, leg_nos, row_nos, not elsewhere, false, false
from suspect_match
where not failed and not foreign_currency and abs(amount) > amount_tolerance
order by match_no
