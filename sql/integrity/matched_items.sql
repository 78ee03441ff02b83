-- A match holds only legs and rows that are stored and count: of refunds that the ledger holds, of files that were not
-- withdrawn, not empty, not outside processors. Holds after a run.
-- Grain: one row per record of a match that does not.
select matched.business_id, format('match %s holds leg %s, which does not count', matched.match_no, matched.leg_no) as wrong
from match_item matched
left join leg on leg.business_id = matched.business_id and leg.leg_no = matched.leg_no
where matched.leg_no is not null and (leg.leg_no is null or leg.is_outside)
union all
select matched.business_id, format('match %s holds row %s, which does not count', matched.match_no, matched.row_no)
from match_item matched
left join refund_row line on line.business_id = matched.business_id and line.row_no = matched.row_no
where matched.row_no is not null and line.row_no is null
