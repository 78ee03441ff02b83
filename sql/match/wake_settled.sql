-- Wakes settled matches that the items of this run may have to do with: which share any id or reference with them, or, where
-- they were made by amount and date, the amount near one of their dates; and those whose leg or row is looked at itself.
-- More wake than would change, never fewer: who shares nothing with a match cannot take part in the pass that made it, nor
-- in an earlier one. Called again until nobody wakes, like wake.sql.
-- Grain: one row per leg and per row that wakes.
with params as not materialized (select $1::uuid as business_id, $2::bigint as item_mark),
any_settled as (
  -- mostly there are none, and then nothing is read
  select from params join settled_match stored on stored.business_id = params.business_id limit 1
),
subject_leg as (
  select leg.leg_no, leg.direction, leg.refund_id, leg.identity_keys, leg.amount, leg.completed_on
  from params cross join any_settled
  join ledger_leg leg on leg.business_id = params.business_id and leg.leg_no > params.item_mark
  where leg.active
  union all
  select leg.leg_no, leg.direction, leg.refund_id, leg.identity_keys, leg.amount, leg.completed_on
  from params cross join any_settled
  join open_item item on item.business_id = params.business_id and item.item_no <= params.item_mark
  join ledger_leg leg on leg.business_id = params.business_id and leg.leg_no = item.item_no
  where leg.active
),
subject_row as (
  select line.row_no, line.refund_id, line.transaction_id, line.payment_ids, line.reference_ids, line.amount, line.occurred_on
  from params cross join any_settled
  join processor_row line on line.business_id = params.business_id and line.row_no > params.item_mark
  where line.type in ('refund', 'vendor_refund', 'refund_reversal')
  union all
  select line.row_no, line.refund_id, line.transaction_id, line.payment_ids, line.reference_ids, line.amount, line.occurred_on
  from params cross join any_settled
  join open_item item on item.business_id = params.business_id and item.item_no <= params.item_mark
  join processor_row line on line.business_id = params.business_id and line.row_no = item.item_no
),
asked_key as (
  select named.key from subject_leg cross join unnest(identity_keys) as named (key)
  union
  select named.key
  from params cross join subject_leg
  join ledger_refund refund
    on refund.business_id = params.business_id and refund.direction = subject_leg.direction
       and refund.refund_id = subject_leg.refund_id
  cross join unnest(refund.reference_keys) as named (key)
  union
  select named.key
  from subject_row
  cross join unnest(payment_ids || reference_ids || array[transaction_id, refund_id]) as named (key)
  where named.key is not null
),
asked_amount as (
  select amount, completed_on as on_date from subject_leg
  union
  select amount, occurred_on from subject_row
),
reach as (
  -- three days where a processor has no setting of its own
  select greatest(3, max(setting.date_window_days)) as days
  from params left join processor_setting setting on setting.business_id = params.business_id
),
named as (
  -- `offset 0`: one look-up each, whatever the planner expects
  select stored.leg_no
  from params cross join asked_key
  cross join lateral (
    select known.leg_no
    from settled_key known
    where known.business_id = params.business_id and known.key = asked_key.key
    offset 0
  ) stored
  union
  select stored.leg_no
  from params cross join reach cross join asked_amount
  cross join lateral (
    select known.leg_no
    from settled_match known
    where known.business_id = params.business_id and known.pass = 'amount_and_date' and known.amount = asked_amount.amount
      and (abs(known.leg_on - asked_amount.on_date) <= reach.days or abs(known.row_on - asked_amount.on_date) <= reach.days)
    offset 0
  ) stored
  union
  select stored.leg_no
  from params cross join any_settled
  join open_item item on item.business_id = params.business_id
  join settled_match stored on stored.business_id = params.business_id and stored.leg_no = item.item_no
  union
  select stored.leg_no
  from params cross join any_settled
  join open_item item on item.business_id = params.business_id
  join settled_match stored on stored.business_id = params.business_id and stored.row_no = item.item_no
),
woken as (
  delete from settled_match stored
  using params, named
  where stored.business_id = params.business_id and stored.leg_no = named.leg_no
  returning stored.leg_no, stored.row_no, stored.direction, stored.processor, stored.pass, stored.amount
),
keys as (
  delete from settled_key stored
  using params, woken
  where stored.business_id = params.business_id and stored.leg_no = woken.leg_no
),
less as (
  select direction, processor, pass, count(*) as pairs, sum(amount) as amount from woken group by direction, processor, pass
),
totals as (
  update settled_total stored
  set pairs = stored.pairs - less.pairs, amount = stored.amount - less.amount
  from params cross join less
  where stored.business_id = params.business_id and stored.direction = less.direction
    and stored.processor = less.processor and stored.pass = less.pass
)
insert into open_item (business_id, item_no)
select params.business_id, woken.leg_no from params cross join woken
union
select params.business_id, woken.row_no from params cross join woken
on conflict do nothing
