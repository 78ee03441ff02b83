-- Keeps which items stay open for the next run: all that this one looked at and did not settle.
-- Grain: one row per item, written or deleted only where it differs.
with params as not materialized (select $1::uuid as business_id),
still_open as (
  select leg_no as item_no, null::text as direction from work_leg
  where leg_no not in (select leg_no from quiet_match)
  union all
  select row_no, null from work_row
  where row_no not in (select row_no from quiet_match)
  union all
  select row_no, direction from work_reversal
),
closed as (
  delete from open_item stored
  using params
  where stored.business_id = params.business_id
    and not exists (select from still_open where still_open.item_no = stored.item_no)
),
turned as (
  update open_item stored set direction = still_open.direction
  from params cross join still_open
  where stored.business_id = params.business_id and stored.item_no = still_open.item_no
    and stored.direction is distinct from still_open.direction
),
looked_at as (
  delete from touched_leg touched using params where touched.business_id = params.business_id
)
insert into open_item (business_id, item_no, direction)
select params.business_id, still_open.item_no, still_open.direction
from params cross join still_open
where not exists (
  select from open_item stored where stored.business_id = params.business_id and stored.item_no = still_open.item_no)
order by still_open.item_no
