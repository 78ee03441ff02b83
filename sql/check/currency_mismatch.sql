-- CURRENCY_MISMATCH: the rows of a match are in another currency than the ledger's. No measure is compared then; it
-- carries the whole difference unless REFUND_FAILED does.
-- Grain: one finding per match.
insert into finding (code, direction, leg_nos, row_nos, carries_amount, carries_refund_fee, carries_returned_fee)
select 'CURRENCY_MISMATCH', direction, leg_nos, row_nos, not failed, not failed, not failed
from suspect_match
where foreign_currency
order by match_no
