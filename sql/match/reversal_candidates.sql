-- A reversal without a refund_id asks among the refunds that share a payment_id with it, have its currency and the
-- opposite amount, lie on or before its date and are not yet reversed (spec section 3).
-- Grain: one row per reversal and refund row.
with params as not materialized (select $1::uuid as business_id),
payment as (
  select line.row_no, line.processor, payment_id
  from params
  join processor_row line on line.business_id = params.business_id and line.type in ('refund', 'vendor_refund')
  cross join unnest(line.payment_ids) as payment_id
  where exists (select from work_reversal reversal where reversal.refund_id is null)
),
pair as (
  select distinct reversal.row_no as reversal_no, payment.row_no as refund_no
  from work_reversal reversal
  cross join unnest(reversal.payment_ids) as asked
  join payment on payment.processor = reversal.processor and payment.payment_id = asked
  where reversal.refund_id is null
),
allowed as (
  select reversal.row_no as reversal_no, line.row_no as refund_no,
    row_number() over (order by reversal.on_date, reversal.transaction_id, reversal.account, reversal.row_no, line.row_no) as asker_turn,
    row_number() over (order by line.occurred_on, line.transaction_id, line.account, line.row_no, reversal.row_no) as target_turn
  from params cross join pair
  join work_reversal reversal on reversal.row_no = pair.reversal_no
  join processor_row line on line.business_id = params.business_id and line.row_no = pair.refund_no
  where line.currency = reversal.currency and line.amount = -reversal.amount and line.occurred_on <= reversal.on_date
    and not exists (select from work_reversal other where other.belongs_to = line.row_no)
)
insert into candidate
select
  reversal_no, refund_no,
  min(asker_turn) over (partition by reversal_no), min(target_turn) over (partition by refund_no)
from allowed
