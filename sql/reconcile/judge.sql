-- Notes which matches no check has anything to say of: they are not read again until an item or a setting changes.
-- Grain: one row per record. $1 business
update match_item matched set balanced = true
where matched.business_id = $1::uuid and not matched.balanced
  and matched.match_no not in (
    select judged.match_no from match_judged judged
    where judged.business_id = $1::uuid
      and (judged.is_failed or judged.is_foreign or judged.is_elsewhere or judged.amount_moved
        or judged.refund_fee_moved or judged.returned_fee_moved))
  and matched.match_no not in (
    select misbooked.match_no from misbooked_match misbooked where misbooked.business_id = $1::uuid)
