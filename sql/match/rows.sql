-- The processor's refunds and vendor refunds; what a row is decides its direction.
-- Grain: one row per refund or vendor refund row that is not settled.
with params as not materialized (select $1::uuid as business_id, $2::bigint as item_mark),
subject as (
  -- what is new, and what is looked at again
  select line.* from params join processor_row line on line.business_id = params.business_id and line.row_no > params.item_mark
  union all
  select line.* from params join work_item item on item.item_no <= params.item_mark
  join processor_row line on line.business_id = params.business_id and line.row_no = item.item_no
)
insert into work_row
select
  line.row_no, case line.type when 'vendor_refund' then 'vendor' else 'customer' end, line.processor, line.account,
  line.transaction_id, line.refund_id, line.payment_ids, line.reference_ids,
  line.amount, line.refund_fee, line.returned_fee, line.currency, line.occurred_on
from subject line
where line.type in ('refund', 'vendor_refund')
  and not exists (select from settled_pair pair where pair.row_no = line.row_no)
