-- Fills in what a file is and what became of its lines.
-- Grain: one row, the file.
with params as (
  select $1::uuid as business_id, $2::bigint as file_id, $3::text as sha256, $4::bigint as bytes, $5::text as format,
         $6::text as refund_id_pattern, $7::text[] as payment_id_patterns, $8::boolean as has_refund_fees,
         $9::boolean as has_returned_fees, $10::date as covers_from, $11::date as covers_to,
         $12::timestamptz as covers_from_at, $13::timestamptz as covers_to_at, $14::text as coverage_source,
         $15::json as stray_lines, $16::json as totals, $17::boolean as totals_hold, $18::json as categories,
         $19::bigint as accepted, $20::bigint as known, $21::bigint as quarantined, $22::json as brought
)

update processor_file
set sha256 = params.sha256, bytes = params.bytes, format = params.format, refund_id_pattern = params.refund_id_pattern,
    payment_id_patterns = params.payment_id_patterns, has_refund_fees = params.has_refund_fees,
    has_returned_fees = params.has_returned_fees, covers_from = params.covers_from, covers_to = params.covers_to,
    covers_from_at = params.covers_from_at, covers_to_at = params.covers_to_at,
    coverage_source = params.coverage_source, stray_lines = params.stray_lines, totals = params.totals, totals_hold = params.totals_hold,
    categories = params.categories, records = params.accepted + params.known + params.quarantined,
    accepted = params.accepted, known = params.known, quarantined = params.quarantined, brought = params.brought
from params
where processor_file.business_id = params.business_id and processor_file.file_id = params.file_id
