-- Pass 1, refund_id, second half: where the keys of the legs that are left lead at other processors than their own,
-- to rows that are left.
-- Grain: one row per leg, key, field and row. Volume: few, the legs that their own processor does not know.
with leg_key as (
  select leg.leg_no, leg.direction, leg.processor, keys.key_turn, keys.key
  from work_leg leg cross join unnest(leg.identity_keys) with ordinality as keys (key, key_turn)
  where not exists (select from taken_leg taken where taken.leg_no = leg.leg_no)
),
free_row as (
  select line.row_no, line.direction, line.processor, line.refund_id, line.transaction_id
  from work_row line
  where not exists (select from taken_row taken where taken.row_no = line.row_no)
)
insert into option
select leg_key.leg_no, leg_key.key_turn, 1, free_row.processor, free_row.row_no
from leg_key join free_row
  on free_row.direction = leg_key.direction and free_row.processor <> leg_key.processor and free_row.refund_id = leg_key.key
union all
select leg_key.leg_no, leg_key.key_turn, 2, free_row.processor, free_row.row_no
from leg_key join free_row
  on free_row.direction = leg_key.direction and free_row.processor <> leg_key.processor and free_row.transaction_id = leg_key.key
where free_row.refund_id is distinct from leg_key.key
