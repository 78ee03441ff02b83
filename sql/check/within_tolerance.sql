-- WITHIN_TOLERANCE: one per match, for all measures whose totals differ but not by more than the tolerance. Beside
-- PROCESSOR_MISMATCH without effect.
-- Grain: one finding per match.
with judged as (
  select match_no, direction, leg_nos, row_nos, elsewhere,
    amount <> 0 and abs(amount) <= amount_tolerance as amount_within,
    refund_fee <> 0 and abs(refund_fee) <= fee_tolerance as refund_fee_within,
    returned_fee <> 0 and abs(returned_fee) <= fee_tolerance as returned_fee_within
  from suspect_match
  where not failed and not foreign_currency
)
insert into finding (code, direction, leg_nos, row_nos, carries_amount, carries_refund_fee, carries_returned_fee)
select
  'WITHIN_TOLERANCE', direction, leg_nos, row_nos,
  amount_within and not elsewhere, refund_fee_within and not elsewhere, returned_fee_within and not elsewhere
from judged
where amount_within or refund_fee_within or returned_fee_within
order by match_no
