-- OVER_REFUND, first part: payments (for each direction that the processor has refunds of), refunds and reversals that
-- name a payment; a reversal also bears the payment ids of its refund.
-- Grain: one row per row and direction.
with params as not materialized (select $1::uuid as business_id),
line as (
  select line.*, case line.type when 'vendor_refund' then 'vendor' else 'customer' end as direction
  from params join processor_row line on line.business_id = params.business_id
  where line.type in ('refund', 'vendor_refund')
),
side as (select distinct direction, processor from line),
payment as (
  select side.direction, line.processor, line.currency, line.row_no, line.type, line.amount, line.occurred_on,
    line.transaction_id, line.account, line.payment_ids as keys
  from params
  join processor_row line on line.business_id = params.business_id and line.type = 'payment'
  join side on side.processor = line.processor
),
refund as (
  select direction, processor, currency, row_no, 'refund', amount, occurred_on, transaction_id, account, payment_ids
  from line
  union all
  select reversal.direction, reversal.processor, reversal.currency, reversal.row_no, 'refund_reversal', reversal.amount,
    reversal.on_date, reversal.transaction_id, reversal.account,
    reversal.payment_ids || coalesce(line.payment_ids, '{}')
  from work_reversal reversal left join line on line.row_no = reversal.belongs_to
)
insert into tied_row
select tied.*, (select min(key collate "C") from unnest(tied.keys) as key)
from (select * from payment union all select * from refund) tied
where cardinality(tied.keys) > 0
