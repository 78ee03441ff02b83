-- The formats of the files that brought an account's rows, with their families of transaction ids.
-- Grain: one row per format and family.
-- $1 business, $2 processor, $3 account
select file.format, file.id_family
from processor_file file
where file.business_id = $1::uuid and file.processor = $2::text and file.account = $3::text
  and file.accepted > 0 and file.state = 'imported'
group by file.format, file.id_family
order by file.format collate "C", file.id_family
