-- Where OVER_REFUND may be found: payments of which more is given back than was paid, what was reversed not taken off, beside new
-- or changed rows; rows that lead to their payment through other rows; and the groups found before.
-- Unnested: of a long array the planner would weigh each element.
-- Grain: one row per row to start from. $1 business, $2 payment ids of new and changed rows
with beside as (
  -- more may hang on by a further id of a row that bears one of them
  select line.payment_ids from processor_row line
  where line.business_id = $1::uuid and cardinality(line.payment_ids) > 1 and line.payment_ids[1] = any (array(select unnest($2::text[])))
    and line.active and line.type <> 'other'
  union all
  select line.payment_ids from processor_row line
  where line.business_id = $1::uuid and cardinality(line.payment_ids) > 1 and line.payment_ids[2] = any (array(select unnest($2::text[])))
    and line.active and line.type <> 'other'
  union all
  select line.payment_ids from processor_row line cross join unnest(line.payment_ids[3:]) as key
  where line.business_id = $1::uuid and cardinality(line.payment_ids) > 2 and key in (select unnest($2::text[]))
    and line.active and line.type <> 'other'
),
asked as materialized (
  select array(select unnest($2::text[]) union select unnest(beside.payment_ids) from beside) as payment_ids
),
linked as materialized (
  -- every row that bears one of the payment ids
  select line.row_no, line.processor, line.currency, line.type, line.amount, line.presented_amount, line.payment_ids, line.reversal_of
  from asked
  join processor_row line on line.business_id = $1::uuid and cardinality(line.payment_ids) > 0
    and line.payment_ids[1] = any (asked.payment_ids)
  where line.active and line.type <> 'other' and (line.amount <> 0 or line.refund_fee <> 0 or line.returned_fee <> 0)
  union
  select line.row_no, line.processor, line.currency, line.type, line.amount, line.presented_amount, line.payment_ids, line.reversal_of
  from asked
  join processor_row line on line.business_id = $1::uuid and cardinality(line.payment_ids) > 1
    and line.payment_ids[2] = any (asked.payment_ids)
  where line.active and line.type <> 'other' and (line.amount <> 0 or line.refund_fee <> 0 or line.returned_fee <> 0)
  union
  select line.row_no, line.processor, line.currency, line.type, line.amount, line.presented_amount, line.payment_ids, line.reversal_of
  from asked
  join processor_row line on line.business_id = $1::uuid and cardinality(line.payment_ids) > 2
  cross join unnest(line.payment_ids[3:]) as key
  where key in (select unnest(asked.payment_ids) from asked) and line.active and line.type <> 'other' and (line.amount <> 0 or line.refund_fee <> 0 or line.returned_fee <> 0)
),
by_id as materialized (
  select one.row_no, one.processor, one.currency, one.type, one.amount, one.presented_amount, one.payment_id,
    bool_or(one.type = 'payment') over same_id as is_paid, count(*) over same_id as sharers, max(one.ids) over same_id as most_ids
  from (
    select distinct linked.row_no, linked.processor, linked.currency, linked.type, linked.amount, linked.presented_amount, payment_id,
      cardinality(linked.payment_ids) as ids
    from linked cross join unnest(linked.payment_ids) as payment_id
  ) one
  window same_id as (partition by one.processor, one.currency, one.payment_id)
),
given_back as (
  select pair.payment_no, pair.paid, pair.paid_presented, sum(pair.amount) as amount, sum(pair.presented_amount) as presented_amount
  from (
    select distinct payment.row_no as payment_no, payment.amount as paid, payment.presented_amount as paid_presented,
      back.row_no, back.amount, back.presented_amount
    from by_id payment
    join by_id back on back.processor = payment.processor and back.currency = payment.currency
      and back.payment_id = payment.payment_id and back.type in ('refund', 'vendor_refund', 'chargeback')
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
-- a refund that leads to its payment through its reversal only
select refund.row_no
from linked reversal
join processor_row refund on refund.business_id = $1::uuid and refund.row_no = reversal.reversal_of
  and refund.row_no = any (array(select linked.reversal_of from linked where linked.reversal_of is not null))
where not reversal.payment_ids <@ refund.payment_ids
union
select unnest(found.row_nos) from over_refund found where found.business_id = $1::uuid
