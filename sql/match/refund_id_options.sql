-- Pass 1, refund_id: where the identity keys of the legs lead within their own processor: to all rows of a refund_id
-- (field 1), else to the row of that transaction_id (field 2).
-- A row that a key reaches as a refund_id is not listed as a transaction_id of the same key again: whenever the second
-- would be asked, the first has found that row taken.
-- Grain: one row per leg, key, field and row. Volume: about one per leg.
with leg_key as (
  select leg_no, direction, processor, 1 as key_turn, identity_keys[1] as key from work_leg where identity_keys[1] is not null
  union all
  select leg_no, direction, processor, 2, identity_keys[2] from work_leg where identity_keys[2] is not null
)
insert into option
select leg_key.leg_no, leg_key.key_turn, 1, line.processor, line.row_no
from leg_key join work_row line
  on line.direction = leg_key.direction and line.processor = leg_key.processor and line.refund_id = leg_key.key
union all
select leg_key.leg_no, leg_key.key_turn, 2, line.processor, line.row_no
from leg_key join work_row line
  on line.direction = leg_key.direction and line.processor = leg_key.processor and line.transaction_id = leg_key.key
where line.refund_id is distinct from leg_key.key
