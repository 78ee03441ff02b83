-- The matches' rows, those that are not stored yet.
-- Grain: one row per matched row.
with params as not materialized (select $1::uuid as business_id),
taken as (
  select row_no, match_no, pass from taken_row
  union all
  select row_no, leg_no, 'refund_id' from settled_pair
)
insert into match_row (business_id, row_no, match_no, pass)
select params.business_id, taken.row_no, taken.match_no, taken.pass
from params cross join taken
where not exists (
  select from match_row stored where stored.business_id = params.business_id and stored.row_no = taken.row_no)
order by taken.row_no
