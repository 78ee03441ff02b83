-- Fills in what a file is and what became of its lines.
-- Grain: one row, the file.
with params as (
  select $1::uuid as business_id, $2::bigint as file_id, $3::text as sha256, $4::bigint as bytes, $5::text as format,
         $6::text as refund_id_pattern, $7::date as covers_from, $8::date as covers_to, $9::text as coverage_source,
         $10::json as totals, $11::boolean as totals_hold, $12::json as categories, $13::bigint as accepted,
         $14::bigint as known, $15::bigint as quarantined, $16::json as brought
)

update processor_file
set sha256 = params.sha256, bytes = params.bytes, format = params.format, refund_id_pattern = params.refund_id_pattern,
    covers_from = params.covers_from, covers_to = params.covers_to, coverage_source = params.coverage_source,
    totals = params.totals, totals_hold = params.totals_hold, categories = params.categories,
    records = params.accepted + params.known + params.quarantined, accepted = params.accepted, known = params.known,
    quarantined = params.quarantined, brought = params.brought
from params
where processor_file.business_id = params.business_id and processor_file.file_id = params.file_id
