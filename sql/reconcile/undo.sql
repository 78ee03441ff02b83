-- Undoes matches: their items are open again. Their totals are those that were stored, whatever became of the items since.
-- Grain: one row per direction, processor and pass, with what was undone. $1 business, $2 matches
with gone as (
  delete from match_item where business_id = $1::uuid and match_no = any ($2::bigint[])
  returning match_no, pass, leg_no, row_no, leg_amount
),
match as (
  select gone.match_no, gone.pass, count(gone.leg_no) as legs, count(gone.row_no) as rows, coalesce(sum(gone.leg_amount), 0) as amount,
    coalesce(min(leg.direction), min(line.direction)) as direction, coalesce(min(line.processor), '') as processor
  from gone
  left join ledger_leg leg on leg.business_id = $1::uuid and leg.leg_no = gone.leg_no
  left join processor_row line on line.business_id = $1::uuid and line.row_no = gone.row_no
  group by gone.match_no, gone.pass
)
select direction, processor, pass, sum(legs)::bigint as legs, sum(rows)::bigint as rows, sum(amount) as amount, count(*) as count
from match
group by direction, processor, pass
