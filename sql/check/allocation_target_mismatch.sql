-- ALLOCATION_TARGET_MISMATCH: a refund of the match is booked against another payment than that of its rows.
-- Grain: one finding per match, without effect. Cannot see: a wrong payment of no known shape that no imported file holds.
select judged.business_id, 'ALLOCATION_TARGET_MISMATCH' as code, judged.direction, judged.match_no, false as carries_amount, false as carries_refund_fee, false as carries_returned_fee
from match_judged judged
join misbooked_match misbooked on misbooked.business_id = judged.business_id and misbooked.match_no = judged.match_no
