-- Where the rows of a finding came from: the file as it was imported, and the line.
-- Grain: one row per processor row, in the finding's order. $1 business, $2 finding
select line.transaction_id, line.line, file.path, file.name, file.sha256, file.format, file.processor, file.account
from discrepancy found
cross join unnest(found.row_nos) with ordinality as listed (row_no, place)
join processor_row line on line.business_id = found.business_id and line.row_no = listed.row_no
join processor_file file on file.business_id = found.business_id and file.file_id = line.file_id
where found.business_id = $1::uuid and found.discrepancy_id = $2::text
order by listed.place
