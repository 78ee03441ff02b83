-- The processor side of some findings, with the file and the line that each row came from.
-- Grain: one row per discrepancy and processor row, in order.
-- $1 business, $2 discrepancy ids (a batch, some thousands)
-- The items come first, materialized: see discrepancy_legs.sql.
with params as not materialized (select $1::uuid as business_id, $2::text[] as discrepancy_ids),

item as materialized (
  select discrepancy_row.discrepancy_id, discrepancy_row.row_no
  from params
  join discrepancy_row
    on discrepancy_row.business_id = params.business_id
       and discrepancy_row.discrepancy_id = any (params.discrepancy_ids)
)

select item.discrepancy_id, line.transaction_id, line.processor, line.account, line.refund_id,
       line.payment_ids as payment_id, line.type, line.amount, line.refund_fee, line.returned_fee, line.currency,
       line.occurred_on, processor_file.name as file, line.line
from params
cross join item
join processor_row as line on line.business_id = params.business_id and line.row_no = item.row_no
join processor_file on processor_file.business_id = params.business_id and processor_file.file_id = line.file_id
order by item.discrepancy_id, line.occurred_on, line.transaction_id, line.processor, line.account
