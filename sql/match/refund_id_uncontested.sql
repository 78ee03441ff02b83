-- Pass 1, refund_id: a leg with one row to take, which no other leg can reach, takes it.
-- Grain: one row per leg. Volume: nearly all legs.
with leg_side as (select leg_no, min(row_no) as row_no from option group by leg_no having count(*) = 1),
row_side as (select row_no from option group by row_no having count(*) = 1),
pair as (select leg_side.leg_no, leg_side.row_no from leg_side join row_side using (row_no)),
legs as (insert into taken_leg select leg_no, leg_no, 'refund_id' from pair)
insert into taken_row select row_no, leg_no, 'refund_id' from pair
