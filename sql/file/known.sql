-- The files of an account that were imported before, withdrawn ones included.
-- Grain: one row per file.
-- $1 business, $2 processor, $3 account
select file.file_id, file.name, file.sha256, file.bytes, file.imported_at, file.state, file.empty_for
from processor_file file
where file.business_id = $1::uuid and file.processor = $2::text and file.account = $3::text
order by file.file_id
