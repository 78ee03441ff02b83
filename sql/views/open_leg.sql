-- The legs that no row was matched with, as the last run left them.
-- Grain: one row per leg.
select open.state, open.island_no, leg.*
from open_item open
join leg on leg.business_id = open.business_id and leg.leg_no = open.item_no
where open.side = 'leg' and not leg.is_outside
