-- The matches' legs, those that are not stored yet.
-- Grain: one row per matched leg.
with params as not materialized (select $1::uuid as business_id),
taken as (
  select leg_no, match_no, pass, null::bigint as row_no from taken_leg
  union all
  select leg_no, leg_no, 'refund_id', row_no from settled_pair
)
insert into match_leg (business_id, leg_no, match_no, pass, row_no)
select params.business_id, taken.leg_no, taken.match_no, taken.pass, taken.row_no
from params cross join taken
where not exists (
  select from match_leg stored where stored.business_id = params.business_id and stored.leg_no = taken.leg_no)
order by taken.leg_no
