-- How many matches are not what they were before everything was matched anew: gone, new, or made by another pass.
-- Grain: one row. $1 business
with params as not materialized (select $1::uuid as business_id),
before as (
  select kept.pass, array_agg(kept.leg_no order by kept.leg_no) as leg_nos, array_agg(kept.row_no order by kept.row_no) as row_nos
  from params join match_before kept on kept.business_id = params.business_id
  group by kept.match_no, kept.pass
),
after as (
  select stored.pass, array_agg(stored.leg_no order by stored.leg_no) as leg_nos, array_agg(stored.row_no order by stored.row_no) as row_nos
  from params join match_item stored on stored.business_id = params.business_id
  group by stored.match_no, stored.pass
),
forgotten as (delete from match_before kept using params where kept.business_id = params.business_id)
select (select count(*) from (select * from before except select * from after) gone)
  + (select count(*) from (select * from after except select * from before) fresh) as changed
