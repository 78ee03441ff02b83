-- The legs and rows of every finding, one by one.
-- Grain: one row per finding and leg or row.
insert into finding_item (finding_no, side, item_no, place)
select finding.finding_no, 'leg', listed.item_no, listed.place
from finding cross join unnest(finding.leg_nos) with ordinality as listed (item_no, place)
union all
select finding.finding_no, 'row', listed.item_no, listed.place
from finding cross join unnest(finding.row_nos) with ordinality as listed (item_no, place)
