-- AMBIGUOUS_MATCH: legs and rows of one amount within days of each other that cannot be told apart. Lists every
-- candidate and their reversals; their effects are netted.
-- Grain: one finding per island.
with leg_side as (
  select item.group_no, min(leg.direction) as direction,
    array_agg(leg.leg_no order by leg.on_date, leg.leg_id, leg.leg_no) as leg_nos
  from ambiguous_item item join work_leg leg on leg.leg_no = item.item_no
  where item.side = 'leg'
  group by item.group_no
),
line as (
  select row_no, on_date, transaction_id, account from work_row
  union all
  select row_no, on_date, transaction_id, account from work_reversal
),
row_side as (
  select item.group_no,
    array_agg(line.row_no order by line.on_date, line.transaction_id, line.account, line.row_no) as row_nos
  from ambiguous_item item join line on line.row_no = item.item_no
  where item.side = 'row'
  group by item.group_no
)
insert into finding (code, direction, leg_nos, row_nos, carries_amount, carries_refund_fee, carries_returned_fee)
select 'AMBIGUOUS_MATCH', leg_side.direction, leg_side.leg_nos, row_side.row_nos, true, true, true
from leg_side join row_side using (group_no)
order by group_no
