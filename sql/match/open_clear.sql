-- Takes what is matched or ambiguous out of the open items.
-- Grain: one row per item, deleted.
with legs as (
  delete from open_leg leg
  where exists (select from taken_leg taken where taken.leg_no = leg.leg_no)
     or exists (select from ambiguous_item item where item.side = 'leg' and item.item_no = leg.leg_no)
)
delete from open_row line
where exists (select from taken_row taken where taken.row_no = line.row_no)
   or exists (select from ambiguous_item item where item.side = 'row' and item.item_no = line.row_no)
