-- Wakes settled pairs that the items of this run may have a claim to: whose row bears an identity key of a leg as its
-- refund_id or transaction_id, or the refund_id of a row or reversal of the same processor; or shares a payment with a
-- reversal that names no refund; and the row of a leg that was settled and touched. Both sides of a pair wake together.
-- Called again until nobody wakes, since what wakes has claims of its own.
-- Grain: one row per leg and per row that wakes. Volume: about none; a few for refunds booked twice or failed later.
with params as not materialized (select $1::uuid as business_id, $2::bigint as item_mark),
subject_leg as (
  select leg.leg_no, leg.identity_keys
  from params join ledger_leg leg on leg.business_id = params.business_id and leg.leg_no > params.item_mark
  where leg.active
  union all
  select leg.leg_no, leg.identity_keys
  from params join open_item item on item.business_id = params.business_id and item.item_no <= params.item_mark
  join ledger_leg leg on leg.business_id = params.business_id and leg.leg_no = item.item_no
  where leg.active
),
subject_row as (
  select line.row_no, line.processor, line.type, line.refund_id, line.payment_ids
  from params join processor_row line on line.business_id = params.business_id and line.row_no > params.item_mark
  where line.type in ('refund', 'vendor_refund', 'refund_reversal')
  union all
  select line.row_no, line.processor, line.type, line.refund_id, line.payment_ids
  from params join open_item item on item.business_id = params.business_id and item.item_no <= params.item_mark
  join processor_row line on line.business_id = params.business_id and line.row_no = item.item_no
),
asked_key as (select distinct key from subject_leg cross join unnest(identity_keys) as key),
asked_refund as (select distinct processor, refund_id from subject_row where refund_id is not null),
asked_payment as (
  select distinct processor, payment_id from subject_row cross join unnest(payment_ids) as payment_id
  where type = 'refund_reversal' and refund_id is null
),
claimed as (
  -- `offset 0`: one look-up each, whatever the planner expects
  select known.row_no
  from params cross join asked_key
  cross join lateral (
    select stored.row_no
    from refund_key stored
    where stored.business_id = params.business_id and stored.key = asked_key.key
    offset 0
  ) known
  union
  select line.row_no
  from params cross join asked_key
  join processor_row line on line.business_id = params.business_id and line.transaction_id = asked_key.key
  union
  select named.row_no
  from params cross join asked_refund
  cross join lateral (
    select stored.row_no
    from refund_key stored
    where stored.business_id = params.business_id and stored.key = asked_refund.refund_id
    offset 0
  ) known
  cross join lateral (
    select line.row_no
    from processor_row line
    where line.business_id = params.business_id and line.row_no = known.row_no and line.processor = asked_refund.processor
    offset 0
  ) named
  union
  select named.row_no
  from params cross join asked_payment
  cross join lateral (
    select stored.row_no
    from payment_key stored
    where stored.business_id = params.business_id and stored.key = asked_payment.payment_id
    offset 0
  ) known
  cross join lateral (
    select line.row_no
    from processor_row line
    where line.business_id = params.business_id and line.row_no = known.row_no and line.processor = asked_payment.processor
    offset 0
  ) named
  union
  select pair.row_no
  from params join open_item item on item.business_id = params.business_id
  join match_item pair on pair.business_id = params.business_id and pair.leg_no = item.item_no
  where pair.row_no is not null
),
woken as (
  select pair.row_no, pair.leg_no
  from params cross join claimed
  join match_item pair
    on pair.business_id = params.business_id and pair.row_no = claimed.row_no and pair.leg_no is not null
  where not exists (
    select from open_item item where item.business_id = params.business_id and item.item_no = pair.row_no)
),
rows as (insert into woken_row select row_no from woken)
insert into open_item (business_id, item_no)
select params.business_id, woken.row_no from params cross join woken
union
select params.business_id, woken.leg_no from params cross join woken
where not exists (
  select from open_item item where item.business_id = params.business_id and item.item_no = woken.leg_no)
