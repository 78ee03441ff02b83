-- Passes 3 and 4: the keys that stand on both sides now, those that are a payment id of a row of the direction before the
-- others.
-- $1: without the rows of refunds that are undone.
-- Grain: one row per key and item that bears it.
with params as not materialized (select $1::boolean as without_undone),
leg_key as (
  select distinct leg.direction, leg.processor, key, leg.leg_no, leg.shaped
  from open_leg leg cross join unnest(leg.keys) as key
),
scope as (
  select line.* from params join open_row line on not (params.without_undone and line.undone)
),
row_key as (
  select scope.direction, scope.processor, key, scope.row_no, scope.has_refund_id
  from scope cross join unnest(scope.keys) as key
  group by scope.direction, scope.processor, key, scope.row_no, scope.has_refund_id
),
payment as (
  select distinct direction, processor, payment_id as key from scope cross join unnest(payment_ids) as payment_id
),
shared as (
  select
    both_sides.direction, both_sides.processor, both_sides.key,
    case when payment.key is null then 1 else 0 end as kind
  from (select direction, processor, key from leg_key intersect select direction, processor, key from row_key) both_sides
  left join payment using (direction, processor, key)
)
insert into key_item
select direction, processor, shared.kind, key, leg_key.leg_no, 'leg', leg_key.shaped
from shared join leg_key using (direction, processor, key)
union all
select direction, processor, shared.kind, key, row_key.row_no, 'row', row_key.has_refund_id
from shared join row_key using (direction, processor, key)
