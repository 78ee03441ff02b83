-- Reversals follow their refund into its ambiguous finding.
-- Grain: one row per reversal of an ambiguous refund row.
insert into ambiguous_item
select item.group_no, reversal.row_no, 'row'
from work_reversal reversal
join ambiguous_item item on item.side = 'row' and item.item_no = reversal.belongs_to
