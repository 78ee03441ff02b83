-- The reversals, each with its turn among those of one refund_id.
-- They are never settled: those of a match with legs stand as a finding, as do those without a match, and a refund that
-- is cancelled stays open to every later leg that shares a reference, or amount and date, with it (passes 2 to 5).
-- Grain: one row per reversal row. Volume: usually under one per cent of the rows.
with params as not materialized (select $1::uuid as business_id, $2::bigint as item_mark),
subject as (
  -- what is new, and what is looked at again
  select line.* from params join processor_row line on line.business_id = params.business_id and line.row_no > params.item_mark
  union all
  select line.* from params join open_item item on item.business_id = params.business_id and item.item_no <= params.item_mark
  join processor_row line on line.business_id = params.business_id and line.row_no = item.item_no
)
insert into work_reversal
  (row_no, processor, account, transaction_id, refund_id, payment_ids, reference_ids,
   amount, refund_fee, returned_fee, currency, on_date, turn)
select
  line.row_no, line.processor, line.account, line.transaction_id, line.refund_id, line.payment_ids, line.reference_ids,
  line.amount, line.refund_fee, line.returned_fee, line.currency, line.occurred_on,
  row_number() over (
    partition by line.processor, line.refund_id
    order by line.occurred_on, line.transaction_id, line.account, line.row_no)
from subject line
where line.type = 'refund_reversal'
