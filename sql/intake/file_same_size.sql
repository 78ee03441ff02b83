-- The files of one account that are as large as the one at hand: only these can be the same file again.
-- Grain: one row per imported file.
-- $1 business, $2 processor, $3 account, $4 size in bytes
with params as (select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::bigint as bytes)

select processor_file.file_id, processor_file.name, processor_file.sha256, processor_file.imported_at
from params
join processor_file using (business_id, processor, account, bytes)
order by processor_file.file_id
