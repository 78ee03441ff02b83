-- OVER_REFUND, first part: payments (for each direction that the processor has refunds or reversals of), refunds and
-- reversals that name a payment; a reversal also bears the payment ids of its refund. Of all rows where the run looks at
-- everything ($2 is 0), else of those that over_refund_reach.sql found.
-- Grain: one row per row and direction.
with params as not materialized (select $1::uuid as business_id, $2::bigint as item_mark),
line as (
  select line.*, case line.type when 'vendor_refund' then 'vendor' else 'customer' end as direction
  from params join processor_row line on line.business_id = params.business_id
  where params.item_mark = 0 and line.type in ('refund', 'vendor_refund')
  union all
  select line.*, case line.type when 'vendor_refund' then 'vendor' else 'customer' end
  from params cross join reached_row reached
  join processor_row line on line.business_id = params.business_id and line.row_no = reached.row_no
  where params.item_mark > 0 and line.type in ('refund', 'vendor_refund')
),
-- the groups of a direction without refunds and reversals have nothing that could exceed a payment
side as (
  select direction, processor from line
  union
  select direction, processor from work_reversal
),
paid as (
  select line.processor, line.currency, line.row_no, line.type, line.amount, line.occurred_on, line.transaction_id,
    line.account, line.payment_ids
  from params join processor_row line on line.business_id = params.business_id
  where params.item_mark = 0 and line.type = 'payment'
  union all
  select line.processor, line.currency, line.row_no, line.type, line.amount, line.occurred_on, line.transaction_id,
    line.account, line.payment_ids
  from params cross join reached_row reached
  join processor_row line on line.business_id = params.business_id and line.row_no = reached.row_no
  where params.item_mark > 0 and line.type = 'payment'
),
payment as (
  select side.direction, paid.processor, paid.currency, paid.row_no, paid.type, paid.amount, paid.occurred_on,
    paid.transaction_id, paid.account, paid.payment_ids as keys
  from paid join side on side.processor = paid.processor
),
refund as (
  select direction, processor, currency, row_no, 'refund', amount, occurred_on, transaction_id, account, payment_ids
  from line
  union all
  select reversal.direction, reversal.processor, reversal.currency, reversal.row_no, 'refund_reversal', reversal.amount,
    reversal.on_date, reversal.transaction_id, reversal.account,
    reversal.payment_ids || coalesce(line.payment_ids, '{}')
  from params
  join work_reversal reversal
    on params.item_mark = 0 or exists (select from reached_row reached where reached.row_no = reversal.row_no)
  left join line on line.row_no = reversal.belongs_to
)
insert into tied_row
select tied.*, (select min(key collate "C") from unnest(tied.keys) as key)
from (select * from payment union all select * from refund) tied
where cardinality(tied.keys) > 0
