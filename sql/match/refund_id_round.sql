-- Pass 1, refund_id, the contested rest: a leg decides when it is the earliest in order on every row it can reach;
-- then no leg before it can take one of them away. It takes the first option that is left: by refund_id all rows of
-- that refund_id that are left, by transaction_id that row; rows of one processor (by key, field, processor name).
-- Grain: one row per leg that decides, with its rows. Few: legs booked twice, and refunds of several rows.
with earliest as (
  select distinct on (option.row_no) option.row_no, option.leg_no
  from option join work_leg leg on leg.leg_no = option.leg_no
  order by option.row_no, leg.on_date, leg.leg_id, leg.leg_no
),
ready as (
  select option.leg_no
  from option join earliest on earliest.row_no = option.row_no
  group by option.leg_no
  having bool_and(earliest.leg_no = option.leg_no)
),
choice as (
  select distinct on (option.leg_no) option.leg_no, option.key_turn, option.field, option.processor
  from option join ready on ready.leg_no = option.leg_no
  order by option.leg_no, option.key_turn, option.field, option.processor
),
legs as (insert into taken_leg select leg_no, leg_no, 'refund_id' from choice)
insert into taken_row
select distinct option.row_no, choice.leg_no, 'refund_id'
from choice
join option on option.leg_no = choice.leg_no and option.key_turn = choice.key_turn
  and option.field = choice.field and option.processor = choice.processor
