-- The last number that a row or leg has been given.
-- Grain: one row.
select case when item_no.is_called then item_no.last_value else item_no.last_value - 1 end as row_no
from item_no
