-- How many legs and rows are loose: with many of them it pays to pair in bulk what needs no thought.
-- Grain: one row. $1 business
select count(*) filter (where item.side = 'leg') as legs, count(*) filter (where item.side = 'row') as rows
from loose_item item
where item.business_id = $1::uuid
