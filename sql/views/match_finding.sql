-- The matches of which a check has something to say.
-- Grain: one row per match.
select judged.*,
  exists (
    select from misbooked_match misbooked
    where misbooked.business_id = judged.business_id and misbooked.match_no = judged.match_no) as is_misbooked
from match_judged judged
where judged.is_failed or judged.is_foreign or judged.is_elsewhere or judged.amount_moved
  or judged.refund_fee_moved or judged.returned_fee_moved
  or exists (
    select from misbooked_match misbooked
    where misbooked.business_id = judged.business_id and misbooked.match_no = judged.match_no)
