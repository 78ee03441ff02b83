-- REFUND_FAILED: a match with legs holds a reversal, so the money came back. No measure is compared then; it carries the
-- whole difference of the match.
-- Grain: one finding per match. Cannot see: a failed refund whose reversal is in a file not yet imported.
insert into finding (code, direction, leg_nos, row_nos, carries_amount, carries_refund_fee, carries_returned_fee)
select 'REFUND_FAILED', direction, leg_nos, row_nos, true, true, true
from suspect_match
where failed
order by match_no
