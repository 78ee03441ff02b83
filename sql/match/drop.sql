-- The stored matches that this run does not find so: of all where it looks at everything ($2 is 0), else of those with
-- an item that it looks at again.
-- Grain: one row per settled pair, leg or row, deleted.
with params as not materialized (select $1::uuid as business_id, $2::bigint as item_mark),
judged as (
  select stored.* from params join match_item stored on stored.business_id = params.business_id where params.item_mark = 0
  union all
  select stored.* from params join open_item item on item.business_id = params.business_id and params.item_mark > 0
  join match_item stored on stored.business_id = params.business_id and stored.leg_no = item.item_no
  union all
  select stored.* from params join open_item item on item.business_id = params.business_id and params.item_mark > 0
  join match_item stored on stored.business_id = params.business_id and stored.row_no = item.item_no
),
gone as (
  select judged.leg_no, judged.row_no
  from judged
  where not exists (
      select from settled_pair pair where pair.leg_no = judged.leg_no and pair.row_no = judged.row_no)
    and not exists (
      select from taken_leg taken
      where judged.row_no is null and taken.leg_no = judged.leg_no and taken.match_no = judged.match_no and taken.pass = judged.pass)
    and not exists (
      select from taken_row taken
      where judged.leg_no is null and taken.row_no = judged.row_no and taken.match_no = judged.match_no and taken.pass = judged.pass)
),
legs as (
  delete from match_item stored using params, gone
  where stored.business_id = params.business_id and stored.leg_no = gone.leg_no
)
delete from match_item stored
using params, gone
where stored.business_id = params.business_id and stored.row_no = gone.row_no and gone.leg_no is null
