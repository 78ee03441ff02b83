-- The matches that are not stored yet.
-- Grain: one row per settled pair, and one per leg and per row of every other match.
with params as not materialized (select $1::uuid as business_id),
fresh as (
  select pair.leg_no, pair.row_no, pair.leg_no as match_no, 'refund_id' as pass
  from params cross join settled_pair pair
  where not exists (
    select from match_item stored where stored.business_id = params.business_id and stored.leg_no = pair.leg_no)
  union all
  select taken.leg_no, null, taken.match_no, taken.pass
  from params cross join taken_leg taken
  where not exists (
    select from match_item stored where stored.business_id = params.business_id and stored.leg_no = taken.leg_no)
  union all
  select null, taken.row_no, taken.match_no, taken.pass
  from params cross join taken_row taken
  where not exists (
    select from match_item stored where stored.business_id = params.business_id and stored.row_no = taken.row_no)
)
insert into match_item (business_id, leg_no, row_no, match_no, pass)
select params.business_id, fresh.leg_no, fresh.row_no, fresh.match_no, fresh.pass
from params cross join fresh
order by fresh.leg_no, fresh.row_no
