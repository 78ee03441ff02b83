-- PROCESSOR_MISMATCH: matched by refund id with a row of another processor than the leg says, or says none. The measures
-- are still compared, but it carries the whole difference unless REFUND_FAILED or CURRENCY_MISMATCH does.
-- Grain: one finding per match.
insert into finding (code, direction, leg_nos, row_nos, carries_amount, carries_refund_fee, carries_returned_fee)
select
  'PROCESSOR_MISMATCH', direction, leg_nos, row_nos,
  not (failed or foreign_currency), not (failed or foreign_currency), not (failed or foreign_currency)
from suspect_match
where elsewhere
order by match_no
