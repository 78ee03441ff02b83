-- A match is numbered by one of its legs, else by one of its rows; it is one record of a leg and a row, or one record for each
-- leg and each row; its records agree on pass and balanced; its items are of one direction, its rows of one processor. Only a
-- cancelled refund has no legs.
-- Grain: one row per match that is not so.
select whole.business_id, format('match %s (%s): %s', whole.match_no, whole.pass, fault.text) as wrong
from (
  select matched.business_id, matched.match_no, min(matched.pass) as pass, max(matched.pass) as other_pass,
    bool_and(matched.balanced) <> bool_or(matched.balanced) as is_half_balanced, count(*) as records,
    count(matched.leg_no) as legs, count(matched.row_no) as rows,
    bool_or(matched.leg_no = matched.match_no) as has_number_of_leg, bool_or(matched.row_no = matched.match_no) as has_number_of_row,
    least(min(leg.direction), min(line.direction)) <> greatest(max(leg.direction), max(line.direction)) as has_two_directions,
    min(line.processor) <> max(line.processor) as has_two_processors
  from match_item matched
  left join ledger_leg leg on leg.business_id = matched.business_id and leg.leg_no = matched.leg_no
  left join processor_row line on line.business_id = matched.business_id and line.row_no = matched.row_no
  group by matched.business_id, matched.match_no
) whole
cross join lateral (values
  (whole.pass <> whole.other_pass, 'its records name several passes'),
  (whole.is_half_balanced, 'its records differ in balanced'),
  (whole.records > 1 and whole.records <> whole.legs + whole.rows, 'a record of a larger match has both a leg and a row'),
  (not coalesce(case when whole.legs > 0 then whole.has_number_of_leg else whole.has_number_of_row end, false), 'its number is none of its items'),
  (whole.rows = 0, 'it has no rows'),
  ((whole.legs = 0) <> (whole.pass = 'cancelled'), 'only a cancelled refund has no legs'),
  (whole.has_two_directions, 'its items are of two directions'),
  (whole.has_two_processors, 'its rows are of two processors')
) as fault (is_so, text)
where fault.is_so
