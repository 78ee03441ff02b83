-- The totals and counts that some files state of themselves, beside what was read.
-- Grain: one row per file and stated total, in the file's order.
-- $1 business, $2 file ids
with params as (select $1::uuid as business_id, $2::bigint[] as file_ids)

select processor_file.file_id, total.entry ->> 'name' as name, total.entry ->> 'stated' as stated,
       total.entry ->> 'read' as read, (total.entry ->> 'holds')::boolean as holds
from params
join processor_file
  on processor_file.business_id = params.business_id and processor_file.file_id = any (params.file_ids)
cross join lateral json_array_elements(processor_file.totals) with ordinality as total (entry, place)
order by processor_file.file_id, total.place
