-- A row came with a stored file of its processor and account; a reversal belongs to a stored refund row of its processor, and
-- has its direction.
-- Grain: one row per row of which that is not so.
select line.business_id, format('row %s came with file %s, which is not of %s %s', line.row_no, line.file_id, line.processor, line.account) as wrong
from processor_row line
left join processor_file file
  on file.business_id = line.business_id and file.file_id = line.file_id
  and file.processor = line.processor and file.account = line.account
where file.file_id is null
union all
select reversal.business_id, format('row %s is a reversal of row %s, which %s', reversal.row_no, reversal.reversal_of,
    case when refund.row_no is null then 'is not stored' else 'is no refund of its processor and direction' end)
from processor_row reversal
left join processor_row refund on refund.business_id = reversal.business_id and refund.row_no = reversal.reversal_of
where reversal.type = 'refund_reversal' and reversal.reversal_of is not null
  and (refund.row_no is null or refund.type not in ('refund', 'vendor_refund') or refund.processor <> reversal.processor
    or refund.direction <> reversal.direction)
