-- The stored matches' legs that this run does not find so, among the items that it looks at again.
-- Grain: one row per matched leg, deleted.
with params as not materialized (select $1::uuid as business_id)
delete from match_leg stored
using params, work_item item
where stored.business_id = params.business_id
  and stored.leg_no = item.item_no
  and not exists (
    select from taken_leg taken
    where taken.leg_no = stored.leg_no and taken.match_no = stored.match_no and taken.pass = stored.pass
      and stored.row_no is null)
  and not exists (
    select from settled_pair pair
    where pair.leg_no = stored.leg_no and pair.row_no = stored.row_no)
