-- The least and the greatest transaction id of the staged lines: between them lies all that they can be known as. And
-- the last number that a row has got: those added from now on have higher ones.
-- Grain: one row.
select
  min(staged_line.transaction_id) as lowest, max(staged_line.transaction_id) as highest,
  (select case when item_no.is_called then item_no.last_value else item_no.last_value - 1 end from item_no) as row_no
from staged_line
