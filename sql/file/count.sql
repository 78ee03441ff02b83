-- Fills in what became of a file's lines.
-- Grain: one row, the file.
with params as (
  select $1::uuid as business_id, $2::bigint as file_id, $3::bigint as accepted, $4::bigint as known,
         $5::bigint as same_as_earlier, $6::bigint as quarantined, $7::json as brought
)

update processor_file
set records = params.accepted + params.known + params.quarantined, accepted = params.accepted, known = params.known,
    same_as_earlier = params.same_as_earlier, quarantined = params.quarantined, brought = params.brought
from params
where processor_file.business_id = params.business_id and processor_file.file_id = params.file_id
