-- The files of an account that count, with the number of their records, to go through their lists of rows.
-- Grain: one row per file.
-- $1 business, $2 processor, $3 account
select file.file_id, file.records
from processor_file file
where file.business_id = $1::uuid and file.processor = $2::text and file.account = $3::text and file.state = 'imported'
order by file.file_id
