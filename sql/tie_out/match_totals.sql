-- How much each pass matched: the processor of the rows, rows with their reversals, the amount of the legs.
-- Grain: one row per direction, processor and pass.
with params as (select $1::uuid as business_id),
leg_side as (
  select taken.match_no, count(*) as legs, sum(leg.amount) as amount
  from taken_leg taken join work_leg leg on leg.leg_no = taken.leg_no
  group by taken.match_no
),
line as (
  select row_no, direction, processor from work_row
  union all
  select row_no, direction, processor from work_reversal
),
row_side as (
  select taken.match_no, taken.pass, min(line.direction) as direction, min(line.processor) as processor, count(*) as rows
  from taken_row taken join line on line.row_no = taken.row_no
  group by taken.match_no, taken.pass
)
insert into match_total (business_id, direction, processor, pass, legs, rows, amount, count)
select params.business_id, row_side.direction, row_side.processor, row_side.pass,
  coalesce(sum(leg_side.legs), 0), sum(row_side.rows), coalesce(sum(leg_side.amount), 0), count(*)
from params cross join row_side left join leg_side on leg_side.match_no = row_side.match_no
group by params.business_id, row_side.direction, row_side.processor, row_side.pass
order by row_side.direction, row_side.processor, row_side.pass
