-- Brings open_item to what this run left: the legs and rows that are in no match, as far as they count.
-- Grain: one row per item put in or changed. $1 business, $2 legs and $3 rows in no match; beside each other: $4 items that are not
-- just unmatched, $5 why, $6 their islands
with judged as materialized (
  select * from unnest($4::bigint[], $5::text[], $6::bigint[]) as item (item_no, state, island_no)
),
wanted as materialized (
  select item.item_no, 'leg' as side, coalesce(judged.state, 'unmatched') as state, judged.island_no
  from (select distinct unnest($2::bigint[]) as item_no) item
  join leg on leg.business_id = $1::uuid and leg.leg_no = item.item_no and not leg.is_outside
  left join judged on judged.item_no = item.item_no
  union all
  select item.item_no, 'row', coalesce(judged.state, 'unmatched'), judged.island_no
  from (select distinct unnest($3::bigint[]) as item_no) item
  join refund_row line on line.business_id = $1::uuid and line.row_no = item.item_no
  left join judged on judged.item_no = item.item_no
),
gone as (
  delete from open_item stored
  where stored.business_id = $1::uuid and stored.item_no not in (select wanted.item_no from wanted)
)
insert into open_item as stored (business_id, item_no, side, state, island_no)
select $1::uuid, item_no, side, state, island_no from wanted
on conflict (business_id, item_no) do update set state = excluded.state, island_no = excluded.island_no
where (stored.state, stored.island_no) is distinct from (excluded.state, excluded.island_no)
