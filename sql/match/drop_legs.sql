-- The stored matches' legs that this run does not find so, where it looks at everything.
-- Grain: one row per matched leg, deleted.
with params as not materialized (select $1::uuid as business_id)
delete from match_leg stored
using params
where stored.business_id = params.business_id
  and not exists (
    select from taken_leg taken
    where taken.leg_no = stored.leg_no and taken.match_no = stored.match_no and taken.pass = stored.pass
      and stored.row_no is null)
  and not exists (
    select from settled_pair pair
    where pair.leg_no = stored.leg_no and pair.row_no = stored.row_no)
