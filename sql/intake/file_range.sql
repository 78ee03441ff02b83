-- The least and the greatest transaction id of the staged lines: between them lies all that they can be known as.
-- Grain: one row.
select min(staged_line.transaction_id) as lowest, max(staged_line.transaction_id) as highest
from staged_line
