-- Pass 5: cuts the items of one amount into islands, in which neighbours lie at most date_window_days apart, and sets
-- aside the items that are vetoed against everything on the other side of their island (see key_round.sql). Called
-- again until nothing is set aside: an island that loses items is cut anew.
-- Grain: one row per item, deleted.
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
  select island.item_no, island.side, island.vetoing,
    bool_or(side = 'leg') over each_island as legs, bool_or(side = 'row') over each_island as rows,
    bool_or(side = 'leg' and not vetoing) over each_island as free_legs,
    bool_or(side = 'row' and not vetoing) over each_island as free_rows
  from island
  window each_island as (partition by direction, processor, amount, island_no)
)
delete from island_item item
using judged
where judged.item_no = item.item_no and judged.legs and judged.rows and item.vetoing
  and case item.side when 'leg' then not judged.free_rows else not judged.free_legs end
