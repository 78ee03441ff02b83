-- The reversals, each with its turn among those of one refund_id.
-- Grain: one row per reversal row. Volume: all of the business, usually under one per cent of the rows.
with params as (select $1::uuid as business_id)
insert into work_reversal
  (row_no, processor, account, transaction_id, refund_id, payment_ids, reference_ids,
   amount, refund_fee, returned_fee, currency, on_date, turn)
select
  line.row_no, line.processor, line.account, line.transaction_id, line.refund_id, line.payment_ids, line.reference_ids,
  line.amount, line.refund_fee, line.returned_fee, line.currency, line.occurred_on,
  row_number() over (
    partition by line.processor, line.refund_id
    order by line.occurred_on, line.transaction_id, line.account, line.row_no)
from params
join processor_row line on line.business_id = params.business_id
where line.type = 'refund_reversal'
