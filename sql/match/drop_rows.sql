-- The stored matches' rows that this run does not find so, where it looks at everything.
-- Grain: one row per matched row, deleted.
with params as not materialized (select $1::uuid as business_id)
delete from match_row stored
using params
where stored.business_id = params.business_id
  and not exists (
    select from taken_row taken
    where taken.row_no = stored.row_no and taken.match_no = stored.match_no and taken.pass = stored.pass)
  and not exists (
    select from settled_pair pair
    where pair.row_no = stored.row_no and pair.leg_no = stored.match_no and stored.pass = 'refund_id')
