-- Brings open_item to what this run left: every loose leg and row that counts and is in no match.
-- Grain: one row per item written or taken out. $1 business; beside each other: $2 items that are not just unmatched, $3 why, $4 islands; $5 legs and $6 rows of matches undone
with params as not materialized (select $1::uuid as business_id),
judged as materialized (
  select * from unnest($2::bigint[], $3::text[], $4::bigint[]) as item (item_no, state, island_no)
),
loose as materialized (
  select item_no, min(side) as side
  from (
    select item.item_no, item.side from params join loose_item item on item.business_id = params.business_id
    union all
    select listed.item_no, 'leg' from unnest($5::bigint[]) as listed (item_no)
    union all
    select listed.item_no, 'row' from unnest($6::bigint[]) as listed (item_no)
  ) item
  group by item_no
),
wanted as materialized (
  select params.business_id, loose.item_no, loose.side, coalesce(judged.state, 'unmatched') as state, judged.island_no
  from params cross join loose
  join leg on leg.business_id = params.business_id and leg.leg_no = loose.item_no and not leg.is_outside
  left join judged on judged.item_no = loose.item_no
  where loose.side = 'leg'
    and not exists (select from match_item matched where matched.business_id = params.business_id and matched.leg_no = loose.item_no)
  union all
  select params.business_id, loose.item_no, loose.side, coalesce(judged.state, 'unmatched'), judged.island_no
  from params cross join loose
  join refund_row line on line.business_id = params.business_id and line.row_no = loose.item_no
  left join judged on judged.item_no = loose.item_no
  where loose.side = 'row'
    and not exists (select from match_item matched where matched.business_id = params.business_id and matched.row_no = loose.item_no)
),
gone as (
  delete from open_item stored using params
  where stored.business_id = params.business_id
    and stored.item_no not in (select item_no from wanted)
)
insert into open_item as stored (business_id, item_no, side, state, island_no)
select business_id, item_no, side, state, island_no from wanted
on conflict (business_id, item_no) do update set state = excluded.state, island_no = excluded.island_no
where (stored.state, stored.island_no) is distinct from (excluded.state, excluded.island_no)
