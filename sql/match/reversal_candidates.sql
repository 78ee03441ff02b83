-- A reversal without a refund_id asks among the refunds that share a payment_id with it, have its currency and the
-- opposite amount, lie on or before its date and are not yet reversed (spec section 3).
-- Grain: one row per reversal and refund row.
with payment as (
  select line.row_no, line.processor, payment_id
  from work_row line, unnest(line.payment_ids) as payment_id
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
    row_number() over (order by line.on_date, line.transaction_id, line.account, line.row_no, reversal.row_no) as target_turn
  from pair
  join work_reversal reversal on reversal.row_no = pair.reversal_no
  join work_row line on line.row_no = pair.refund_no
  where line.currency = reversal.currency and line.amount = -reversal.amount and line.on_date <= reversal.on_date
    and not exists (select from work_reversal other where other.belongs_to = line.row_no)
)
insert into candidate
select
  reversal_no, refund_no,
  min(asker_turn) over (partition by reversal_no), min(target_turn) over (partition by refund_no)
from allowed
