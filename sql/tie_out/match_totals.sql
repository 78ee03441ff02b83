-- How much each pass matched: the processor of the rows, rows with their reversals, the amount of the legs.
-- Grain: one row per direction, processor and pass.
with params as not materialized (select $1::uuid as business_id),
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
),
part as (
  -- a cancelled refund has no legs
  select row_side.direction, row_side.processor, row_side.pass,
    coalesce(leg_side.legs, 0) as legs, row_side.rows, coalesce(leg_side.amount, 0) as amount, 1 as matches
  from row_side left join leg_side on leg_side.match_no = row_side.match_no
  union all
  select settled.direction, settled.processor, settled.pass, settled.pairs, settled.pairs, settled.amount, settled.pairs
  from params join settled_total settled on settled.business_id = params.business_id and settled.pairs > 0
)
insert into match_total (business_id, direction, processor, pass, legs, rows, amount, count)
select params.business_id, part.direction, part.processor, part.pass, sum(part.legs), sum(part.rows), sum(part.amount), sum(part.matches)
from params cross join part
group by params.business_id, part.direction, part.processor, part.pass
order by part.direction, part.processor, part.pass
