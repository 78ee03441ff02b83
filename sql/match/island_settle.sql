-- Pass 5, amount_and_date: an island with as many legs as rows and no vetoed pair is one match; one with both but
-- otherwise cannot be told apart; one with one side only is nothing.
-- Grain: one row per item of a match or of an ambiguous group.
with params as not materialized (select $1::uuid as business_id),
step as (
  select item.*,
    item.on_date - lag(item.on_date) over (
      partition by item.direction, item.processor, item.amount order by item.on_date, item.item_no) as gap
  from island_item item
),
island as (
  select step.*,
    count(*) filter (where step.gap > coalesce(setting.date_window_days, 3)) over (
      partition by step.direction, step.processor, step.amount order by step.on_date, step.item_no) as island_no
  from params cross join step
  left join processor_setting setting on setting.business_id = params.business_id and setting.processor = step.processor
),
judged as (
  select island.item_no, island.side,
    first_value(island.item_no) over (
      partition by direction, processor, amount, island_no
      order by (side = 'leg') desc, on_date, item_id, item_no) as group_no,
    count(*) filter (where side = 'leg') over each_island as legs,
    count(*) filter (where side = 'row') over each_island as rows,
    bool_or(side = 'leg' and vetoing) over each_island and bool_or(side = 'row' and vetoing) over each_island as vetoed
  from island
  window each_island as (partition by direction, processor, amount, island_no)
),
legs as (
  insert into taken_leg
  select item_no, group_no, 'amount_and_date' from judged where side = 'leg' and legs = rows and not vetoed
),
rows as (
  insert into taken_row
  select item_no, group_no, 'amount_and_date' from judged where side = 'row' and legs = rows and not vetoed
)
insert into ambiguous_item
select group_no, item_no, side from judged where legs > 0 and rows > 0 and (legs <> rows or vetoed)
