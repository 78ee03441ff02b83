-- Passes 3 and 4, key by key: a key is judged when no item that bears it bears an earlier key; so every key is judged
-- on what the keys before it left. Judged keys are forgotten, whatever came of them.
-- $1 payment_group: all that is left with the key matches where both sides have one sum and no pair is vetoed.
-- $1 payment_reference_only: exactly one leg and one row are left, not vetoed; their amounts differ.
-- Items vetoed against everything on the other side are set aside first. A leg of the shape of a refund id is vetoed
-- against every row that has a refund_id, and only so; hence:
--   no row without refund_id: the shaped legs are set aside; no leg without shape: the rows with refund_id are;
--   both kinds on both sides: a vetoed pair remains.
-- Grain: one row per item of a matching key. Rounds: as many as keys hang in a row, one to four.
with params as not materialized (select $1::text as pass),
first_key as (
  select distinct on (direction, processor, side, item_no) direction, processor, side, item_no, kind, key
  from key_item order by direction, processor, side, item_no, kind, key
),
ready as (
  select item.direction, item.processor, item.kind, item.key,
    bool_or(item.side = 'leg' and not item.vetoing) as free_legs,
    bool_or(item.side = 'leg' and item.vetoing) as shaped_legs,
    bool_or(item.side = 'row' and not item.vetoing) as free_rows,
    bool_or(item.side = 'row' and item.vetoing) as rows_with_refund_id
  from key_item item
  join first_key using (direction, processor, side, item_no)
  group by item.direction, item.processor, item.kind, item.key
  having bool_and(first_key.kind = item.kind and first_key.key = item.key)
),
unvetoed as (
  select ready.direction, ready.processor, ready.key, item.item_no, item.side
  from ready
  join key_item item
    on item.direction = ready.direction and item.processor = ready.processor and item.kind = ready.kind and item.key = ready.key
  where case
    when not ready.free_rows and not ready.free_legs then false
    when not ready.free_rows then not (item.side = 'leg' and item.vetoing)
    when not ready.free_legs then not (item.side = 'row' and item.vetoing)
    else not (ready.shaped_legs and ready.rows_with_refund_id)
  end
),
judged as (
  select unvetoed.direction, unvetoed.processor, unvetoed.key
  from params cross join unvetoed
  left join open_leg leg on unvetoed.side = 'leg' and leg.leg_no = unvetoed.item_no
  left join open_row line on unvetoed.side = 'row' and line.row_no = unvetoed.item_no
  group by params.pass, unvetoed.direction, unvetoed.processor, unvetoed.key
  having count(leg.leg_no) > 0 and count(line.row_no) > 0
    and case params.pass
      when 'payment_group' then sum(leg.amount) = sum(line.amount)
      else count(leg.leg_no) = 1 and count(line.row_no) = 1 and sum(leg.amount) <> sum(line.amount)
    end
),
matched as (
  select unvetoed.item_no, unvetoed.side,
    first_value(unvetoed.item_no) over (
      partition by unvetoed.direction, unvetoed.processor, unvetoed.key
      order by (unvetoed.side = 'leg') desc, leg.on_date, leg.leg_id, unvetoed.item_no) as match_no
  from unvetoed
  join judged using (direction, processor, key)
  left join open_leg leg on unvetoed.side = 'leg' and leg.leg_no = unvetoed.item_no
),
legs as (
  insert into taken_leg select matched.item_no, matched.match_no, params.pass from params, matched where matched.side = 'leg'
),
rows as (
  insert into taken_row select matched.item_no, matched.match_no, params.pass from params, matched where matched.side = 'row'
)
delete from key_item item
using ready
where item.direction = ready.direction and item.processor = ready.processor and item.kind = ready.kind and item.key = ready.key
