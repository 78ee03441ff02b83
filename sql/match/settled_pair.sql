-- A pair of a leg and a row that agree in everything and did not come loose: settled. The view goes with its tables.
-- Grain: one row per settled pair.
create temporary view settled_pair as
select meeting.leg_no, meeting.row_no, meeting.key, meeting.direction, meeting.processor, meeting.amount
from meeting
where meeting.agrees and not exists (select from loose_item item where item.item_no = meeting.leg_no)
