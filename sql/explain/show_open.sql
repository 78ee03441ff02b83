-- Why items are open, as the last run left them.
-- Grain: one row per item. $1 business, $2 legs and rows
select open.item_no, open.side, open.state, open.island_no
from open_item open
where open.business_id = $1::uuid and open.item_no = any ($2::bigint[])
order by open.item_no
