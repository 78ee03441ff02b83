-- A reversal's direction is that of its refund, customer where none is known.
-- Grain: one row per reversal of a vendor refund.
update work_reversal reversal set direction = line.direction
from work_row line
where line.row_no = reversal.belongs_to and line.direction <> reversal.direction
