-- Pass 1, refund_id: forgets the options of legs that have taken, and those whose row is taken.
-- Grain: one row per option, deleted.
delete from option
where exists (select from taken_row taken where taken.row_no = option.row_no)
   or exists (select from taken_leg taken where taken.leg_no = option.leg_no)
