-- Every leg and row that counts and that a run has looked at is in one place: in one match, or open. Holds after a run.
-- Grain: one row per leg or row that is in none or in several.
select item.business_id, format('%s %s is in %s places', item.side, item.item_no, coalesce(place.count, 0)) as wrong
from (
  select leg.business_id, 'leg' as side, leg.leg_no as item_no from leg where not leg.is_outside
  union all
  select line.business_id, 'row', line.row_no from refund_row line
) item
join reconciliation run on run.business_id = item.business_id and item.item_no <= run.item_mark
left join (
  select held.business_id, held.item_no, count(*) as count
  from (
    select business_id, leg_no as item_no from match_item where leg_no is not null
    union all
    select business_id, row_no from match_item where row_no is not null
    union all
    select business_id, item_no from open_item
  ) held
  group by held.business_id, held.item_no
) place on place.business_id = item.business_id and place.item_no = item.item_no
where coalesce(place.count, 0) <> 1
