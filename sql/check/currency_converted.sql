-- CURRENCY_CONVERTED: the rows of a match are in another currency than the ledger's, and a rate explains the difference.
-- No measure is compared then. Carries everything, unless REFUND_FAILED does.
-- Grain: one finding per match.
select judged.business_id, 'CURRENCY_CONVERTED' as code, judged.direction, judged.match_no,
  not judged.is_failed as carries_amount, not judged.is_failed as carries_refund_fee,
  not judged.is_failed as carries_returned_fee
from match_judged judged
where judged.is_foreign
  and exists (
    select from converted_match converted
    where converted.business_id = judged.business_id and converted.match_no = judged.match_no)
