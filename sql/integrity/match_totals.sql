-- The totals of the passes are what the matches come to, summed anew. Holds after a run.
-- Grain: one row per direction, processor and pass whose total is not.
select coalesce(stored.business_id, due.business_id) as business_id,
  format('%s %s %s: stored %s legs, %s rows, %s, %s matches; summed anew %s legs, %s rows, %s, %s matches',
    coalesce(stored.direction, due.direction), coalesce(stored.processor, due.processor), coalesce(stored.pass, due.pass),
    stored.legs, stored.rows, stored.amount, stored.count, due.legs, due.rows, due.amount, due.count) as wrong
from match_total stored
full join (
  select whole.business_id, whole.direction, whole.processor, whole.pass, sum(whole.legs) as legs, sum(whole.rows) as rows,
    sum(whole.amount) as amount, count(*) as count
  from (
    select matched.business_id, matched.match_no, min(matched.pass) as pass, min(coalesce(line.direction, leg.direction)) as direction,
      min(line.processor) as processor, count(matched.leg_no) as legs, count(matched.row_no) as rows, coalesce(sum(leg.amount), 0) as amount
    from match_item matched
    left join ledger_leg leg on leg.business_id = matched.business_id and leg.leg_no = matched.leg_no
    left join processor_row line on line.business_id = matched.business_id and line.row_no = matched.row_no
    group by matched.business_id, matched.match_no
  ) whole
  group by whole.business_id, whole.direction, whole.processor, whole.pass
) due
  on due.business_id = stored.business_id and due.direction = stored.direction and due.processor = stored.processor
  and due.pass = stored.pass
where (coalesce(stored.legs, 0), coalesce(stored.rows, 0), coalesce(stored.amount, 0), coalesce(stored.count, 0))
  <> (coalesce(due.legs, 0), coalesce(due.rows, 0), coalesce(due.amount, 0), coalesce(due.count, 0))
