-- How many matches are not what they were before everything was matched anew: gone, new, or made by another pass. A match
-- has the number of its first leg or row, so that the same match has the same records. match_before holds those that were set aside;
-- the others were found again at once. One that is another than before counts twice, as gone and as new.
-- Grain: one row. $1 business, $2 how many matches there were before
with other as materialized (
  select distinct record.match_no
  from (
    select kept.match_no, kept.pass, kept.leg_no, kept.row_no, 1 as times from match_before kept where kept.business_id = $1::uuid
    union all
    select stored.match_no, stored.pass, stored.leg_no, stored.row_no, -1
    from match_item stored
    where stored.business_id = $1::uuid
      and stored.match_no in (select kept.match_no from match_before kept where kept.business_id = $1::uuid)
  ) record
  group by record.match_no, record.pass, record.leg_no, record.row_no
  having sum(record.times) <> 0
),
forgotten as (delete from match_before kept where kept.business_id = $1::uuid)
select (select coalesce(sum(total.count), 0)::bigint from match_total total where total.business_id = $1::uuid) - $2::bigint
  + 2 * (select count(*) from other) as changed
