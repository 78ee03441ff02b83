-- The stored matches' rows that this run does not find so, among the items that it looks at again.
-- Grain: one row per matched row, deleted.
with params as not materialized (select $1::uuid as business_id)
delete from match_row stored
using params, work_item item
where stored.business_id = params.business_id
  and stored.row_no = item.item_no
  and not exists (
    select from taken_row taken
    where taken.row_no = stored.row_no and taken.match_no = stored.match_no and taken.pass = stored.pass)
  and not exists (
    select from settled_pair pair
    where pair.row_no = stored.row_no and pair.leg_no = stored.match_no and stored.pass = 'refund_id')
