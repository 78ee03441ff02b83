-- Stores what is known of a file that was read to its end; file_count fills in what became of its lines.
-- Grain: one row, the file.
with params as (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::text as name, $5::text as path,
         $6::timestamptz as as_of, $7::timestamptz as imported_at, $8::text as sha256, $9::bigint as bytes,
         $10::text as format, $11::text as refund_id_pattern, $12::text[] as payment_id_patterns,
         $13::boolean as has_refund_fees, $14::boolean as has_returned_fees, $15::date as covers_from,
         $16::date as covers_to, $17::timestamptz as covers_from_at, $18::timestamptz as covers_to_at,
         $19::text as coverage_source, $20::json as stray_lines, $21::json as totals, $22::boolean as totals_hold,
         $23::json as categories
)

insert into processor_file (
  business_id, processor, account, name, path, as_of, imported_at, sha256, bytes, format, refund_id_pattern,
  payment_id_patterns, has_refund_fees, has_returned_fees, covers_from, covers_to, covers_from_at, covers_to_at,
  coverage_source, stray_lines, totals, totals_hold, categories, records, accepted, known, quarantined, brought)
select params.*, 0, 0, 0, 0, '[]'
from params
returning processor_file.file_id
