-- How many matches are not what they were before everything was matched anew: gone, new, or made by another pass. A match
-- has the number of its first leg or row, so that the same match has the same records.
-- Grain: one row. $1 business
with before as materialized (
  select kept.match_no, kept.pass, kept.leg_no, kept.row_no from match_before kept where kept.business_id = $1::uuid
),
after as materialized (
  select stored.match_no, stored.pass, stored.leg_no, stored.row_no from match_item stored where stored.business_id = $1::uuid
),
other as materialized (
  select gone.match_no from (select * from before except all select * from after) gone
  union
  select fresh.match_no from (select * from after except all select * from before) fresh
),
forgotten as (delete from match_before kept where kept.business_id = $1::uuid)
select (select count(distinct before.match_no) from before join other using (match_no))
  + (select count(distinct after.match_no) from after join other using (match_no)) as changed
