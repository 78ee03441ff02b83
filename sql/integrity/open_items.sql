-- An open item is a leg or row that counts; an ambiguous one bears the least number of its island, which has both sides.
-- Holds after a run.
-- Grain: one row per item, or island, that does not.
select open.business_id, format('%s %s is open and does not count', open.side, open.item_no) as wrong
from open_item open
left join leg on leg.business_id = open.business_id and leg.leg_no = open.item_no
left join refund_row line on line.business_id = open.business_id and line.row_no = open.item_no
where case open.side when 'leg' then leg.leg_no is null or leg.is_outside else line.row_no is null end
union all
select island.business_id, format('island %s: its least item is %s, it has %s legs and %s rows', island.island_no, island.least_no, island.legs, island.rows)
from (
  select business_id, island_no, min(item_no) as least_no, count(*) filter (where side = 'leg') as legs, count(*) filter (where side = 'row') as rows
  from open_item
  where state = 'ambiguous'
  group by business_id, island_no
) island
where island.island_no <> island.least_no or island.legs = 0 or island.rows = 0
