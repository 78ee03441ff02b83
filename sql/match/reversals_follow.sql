-- Reversals follow their refund into its match.
-- Grain: one row per reversal of a matched refund row.
insert into taken_row
select reversal.row_no, taken.match_no, taken.pass
from work_reversal reversal join taken_row taken on taken.row_no = reversal.belongs_to
