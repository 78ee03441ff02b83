-- The formats of the files that brought an account's rows.
-- Grain: one row per format.
-- $1 business, $2 processor, $3 account
select file.format
from processor_file file
where file.business_id = $1::uuid and file.processor = $2::text and file.account = $3::text
  and file.accepted > 0 and file.state = 'imported'
group by file.format
order by file.format collate "C"
