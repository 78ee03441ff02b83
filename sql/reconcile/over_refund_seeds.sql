-- Where OVER_REFUND may be found: payments of which new or changed rows, or all rows ($2), give back more than was paid; rows that
-- link further rows to them; and the groups found before.
-- Grain: one row per row to start from. $1 business, $2 whether all rows are asked
with params as not materialized (select $1::uuid as business_id, $2::boolean as everything),
fresh as materialized (
  select line.row_no, line.processor, line.type, line.payment_ids
  from params
  join reconciliation run on run.business_id = params.business_id
  join processor_row line on line.business_id = params.business_id and line.row_no > case when params.everything then 0 else run.item_mark end
  where line.type <> 'other' and line.active and cardinality(line.payment_ids) > 0
  union
  select line.row_no, line.processor, line.type, line.payment_ids
  from params
  join touched_item touched on touched.business_id = params.business_id
  join processor_row line on line.business_id = params.business_id and line.row_no = touched.item_no
  where line.type <> 'other' and line.active and cardinality(line.payment_ids) > 0
),
fresh_id as materialized (
  select distinct fresh.processor, payment_id from fresh cross join unnest(fresh.payment_ids) as payment_id
),
linked as materialized (
  -- every row that shares a payment id with a new one
  select distinct line.row_no, line.processor, line.type, line.amount, line.presented_amount, line.payment_ids
  from params cross join fresh_id
  join row_of_payment paid on paid.business_id = params.business_id and paid.payment_id = fresh_id.payment_id and paid.processor = fresh_id.processor
  join processor_row line on line.business_id = params.business_id and line.row_no = paid.row_no and line.type <> 'other'
  where not params.everything
  union all
  select line.row_no, line.processor, line.type, line.amount, line.presented_amount, line.payment_ids
  from params
  join processor_row line on line.business_id = params.business_id and line.type <> 'other' and line.active
  where params.everything and cardinality(line.payment_ids) > 0
),
by_id as materialized (
  select one.row_no, one.processor, one.type, one.amount, one.presented_amount, one.payment_id,
    bool_or(one.type = 'payment') over same_id as is_paid, count(*) over same_id as sharers, max(one.ids) over same_id as most_ids
  from (
    select distinct linked.row_no, linked.processor, linked.type, linked.amount, linked.presented_amount, payment_id,
      cardinality(linked.payment_ids) as ids
    from linked cross join unnest(linked.payment_ids) as payment_id
  ) one
  window same_id as (partition by one.processor, one.payment_id)
),
given_back as (
  select pair.payment_no, pair.paid, pair.paid_presented, sum(pair.amount) as amount, sum(pair.presented_amount) as presented_amount
  from (
    select distinct payment.row_no as payment_no, payment.amount as paid, payment.presented_amount as paid_presented,
      back.row_no, back.amount, back.presented_amount
    from by_id payment
    join by_id back on back.processor = payment.processor and back.payment_id = payment.payment_id and back.type <> 'payment'
    where payment.type = 'payment'
  ) pair
  group by pair.payment_no, pair.paid, pair.paid_presented
)
select given_back.payment_no as row_no from given_back
where given_back.amount > given_back.paid or given_back.presented_amount > given_back.paid_presented
union
-- a refund that leads to its payment through another refund only
select back.row_no
from by_id back
where back.type <> 'payment'
group by back.row_no
having not bool_or(back.is_paid) and bool_or(back.sharers > 1 and back.most_ids > 1)
union
select unnest(found.row_nos) from params join over_refund found on found.business_id = params.business_id
