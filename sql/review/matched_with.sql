-- The legs and rows of the matches that some legs and rows are in.
-- Grain: one row per match. $1 business, $2 legs, $3 rows
select matched.match_no, min(matched.pass) as pass,
  coalesce(array_agg(matched.leg_no order by matched.leg_no) filter (where matched.leg_no is not null), '{}') as leg_nos,
  coalesce(array_agg(matched.row_no order by matched.row_no) filter (where matched.row_no is not null), '{}') as row_nos
from match_item matched
where matched.business_id = $1::uuid and matched.match_no in (
  select own.match_no from match_item own
  where own.business_id = $1::uuid and (own.leg_no = any ($2::bigint[]) or own.row_no = any ($3::bigint[])))
group by matched.match_no
order by matched.match_no
