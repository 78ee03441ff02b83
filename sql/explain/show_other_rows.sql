-- Rows that are never matched, such as payments and chargebacks.
-- Grain: one row per row, in order. $1 business, $2 rows
select line.row_no, line.transaction_id, line.processor, line.account, line.type, line.category, line.occurred_on, line.amount,
  line.refund_fee, line.returned_fee, line.currency, line.payment_ids, line.reference_ids, line.active, file.name as file, line.line
from processor_row line
left join processor_file file on file.business_id = line.business_id and file.file_id = line.file_id
where line.business_id = $1::uuid and line.row_no = any ($2::bigint[])
order by line.occurred_on, line.transaction_id, line.account
