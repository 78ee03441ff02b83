-- The rows that some files have: those brought or known as a packed list, and those of lines that a person accepted.
-- Grain: one row per file.
-- $1 business, $2 files
select file.file_id, file.row_list,
  array(
    select line.row_no
    from quarantine aside
    join processor_row line
      on line.business_id = aside.business_id and line.transaction_id = aside.item_id
      and line.processor = aside.processor and line.account = aside.account
    where aside.business_id = file.business_id and aside.file_id = file.file_id and aside.state = 'accepted') as accepted_rows
from processor_file file
where file.business_id = $1::uuid and file.file_id = any ($2::bigint[])
order by file.file_id
