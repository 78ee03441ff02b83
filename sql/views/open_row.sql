-- The rows that no leg was matched with, as the last run left them.
-- Grain: one row per row.
select open.state, open.island_no, line.*
from open_item open
join refund_row line on line.business_id = open.business_id and line.row_no = open.item_no
where open.side = 'row'
