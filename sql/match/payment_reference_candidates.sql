-- Pass 2, payment_reference: a leg asks among the rows that share a key with it, have its amount and are not vetoed;
-- $1: only over the rows' own payment ids; $2: without the rows of refunds that are undone.
-- Legs that share exactly the same keys with rows are twins, rows likewise. Where one class of legs and one class of
-- rows meet nobody else, the first takes the first, the second the second...: no pairs need to be listed, and a
-- thousand legs against a thousand rows of one order stay a thousand. Only the rest is listed pair by pair.
-- Grain: one row per leg and row that it may take. Volume: about one per leg that is left.
with params as not materialized (select $1::boolean as payments_only, $2::boolean as without_undone),
leg_key as (
  select leg.leg_no, leg.direction, leg.processor, leg.amount, leg.shaped, key
  from open_leg leg cross join unnest(leg.keys) as key
),
row_key as (
  select line.row_no, line.direction, line.processor, line.amount, line.has_refund_id, key
  from params
  join open_row line on not (params.without_undone and line.undone)
  cross join unnest(case when params.payments_only then line.payment_ids else line.keys end) as key
),
shared as (
  select direction, processor, amount, key from leg_key
  intersect
  select direction, processor, amount, key from row_key
),
leg_class as (
  select leg_key.leg_no, direction, processor, amount, shaped, array_agg(distinct key order by key) as keys
  from leg_key join shared using (direction, processor, amount, key)
  group by leg_key.leg_no, direction, processor, amount, shaped
),
row_class as (
  select row_key.row_no, direction, processor, amount, has_refund_id, array_agg(distinct key order by key) as keys
  from row_key join shared using (direction, processor, amount, key)
  group by row_key.row_no, direction, processor, amount, has_refund_id
),
meeting as (
  select
    direction, processor, amount, legs.shaped, legs.keys as leg_keys, rows.has_refund_id, rows.keys as row_keys,
    count(*) over (partition by direction, processor, amount, legs.shaped, legs.keys) as row_classes,
    count(*) over (partition by direction, processor, amount, rows.has_refund_id, rows.keys) as leg_classes
  from (select distinct direction, processor, amount, shaped, keys from leg_class) legs
  join (select distinct direction, processor, amount, has_refund_id, keys from row_class) rows
    using (direction, processor, amount)
  where legs.keys && rows.keys and not (legs.shaped and rows.has_refund_id)
),
leg_turn as (
  select leg_class.*,
    row_number() over (order by leg.on_date, leg.leg_id, leg.leg_no) as turn,
    row_number() over (
      partition by leg_class.direction, leg_class.processor, leg_class.amount, leg_class.shaped, leg_class.keys
      order by leg.on_date, leg.leg_id, leg.leg_no) as place
  from leg_class join open_leg leg using (leg_no)
),
row_turn as (
  select row_class.*,
    row_number() over (order by line.on_date, line.transaction_id, line.account, line.row_no) as turn,
    row_number() over (
      partition by row_class.direction, row_class.processor, row_class.amount, row_class.has_refund_id, row_class.keys
      order by line.on_date, line.transaction_id, line.account, line.row_no) as place
  from row_class join open_row line using (row_no)
)
insert into candidate
select leg_turn.leg_no, row_turn.row_no, leg_turn.turn, row_turn.turn
from meeting
join leg_turn
  on leg_turn.direction = meeting.direction and leg_turn.processor = meeting.processor
  and leg_turn.amount = meeting.amount and leg_turn.shaped = meeting.shaped and leg_turn.keys = meeting.leg_keys
join row_turn
  on row_turn.direction = meeting.direction and row_turn.processor = meeting.processor
  and row_turn.amount = meeting.amount and row_turn.has_refund_id = meeting.has_refund_id and row_turn.keys = meeting.row_keys
where (meeting.row_classes > 1 or meeting.leg_classes > 1) or row_turn.place = leg_turn.place
