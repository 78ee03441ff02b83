-- Passes 3 and 4: forgets items that are taken, and keys that no longer stand on both sides: they can match no more.
-- Grain: one row per key and item, deleted.
delete from key_item item
where exists (select from taken_leg taken where item.side = 'leg' and taken.leg_no = item.item_no)
   or exists (select from taken_row taken where item.side = 'row' and taken.row_no = item.item_no)
   or not exists (
     select from key_item other
     where other.direction = item.direction and other.processor = item.processor and other.key = item.key
       and other.side <> item.side
       and not exists (select from taken_leg taken where other.side = 'leg' and taken.leg_no = other.item_no)
       and not exists (select from taken_row taken where other.side = 'row' and taken.row_no = other.item_no))
