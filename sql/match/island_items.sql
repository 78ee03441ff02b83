-- Pass 5, amount_and_date: what is left of the amounts that stand on both sides.
-- $1: without the rows of refunds that are undone.
-- Grain: one row per item.
with params as not materialized (select $1::boolean as without_undone),
item as (
  select direction, processor, amount, on_date, leg_no as item_no, 'leg' as side, shaped as vetoing, leg_id as item_id from open_leg
  union all
  select direction, processor, amount, on_date, row_no, 'row', has_refund_id, transaction_id
  from params join open_row line on not (params.without_undone and line.undone)
),
both_sides as (
  select direction, processor, amount from item group by direction, processor, amount having count(distinct side) = 2
)
insert into island_item
select item.* from item join both_sides using (direction, processor, amount)
