-- The loose refunds and vendor refunds; what a row is decides its direction.
-- Grain: one row per loose row.
with params as not materialized (select $1::uuid as business_id)
insert into work_row
select
  line.row_no, case line.type when 'vendor_refund' then 'vendor' else 'customer' end, line.processor, line.account,
  line.transaction_id, line.refund_id, line.payment_ids, line.reference_ids,
  line.amount, line.refund_fee, line.returned_fee, line.currency, line.occurred_on
from params
cross join loose_item item
join processor_row line on line.business_id = params.business_id and line.row_no = item.item_no
