-- Stores what is known of a file that was read to its end; file_count fills in what became of its lines. A withdrawn file
-- keeps its number.
-- Grain: one row, the file, and whether it was withdrawn, and whether its account has withdrawn rows.
with params as (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::text as name, $5::text as path,
         $6::timestamptz as as_of, $7::timestamptz as imported_at, $8::text as sha256, $9::bigint as bytes,
         $10::text as format, $24::text as id_family, $11::text as refund_id_pattern,
         $12::text[] as payment_id_patterns, $13::boolean as has_refund_fees, $14::boolean as has_returned_fees, $15::date as covers_from,
         $16::date as covers_to, $17::timestamptz as covers_from_at, $18::timestamptz as covers_to_at,
         $19::text as coverage_source, $20::json as stray_lines, $21::json as totals, $22::boolean as totals_hold,
         $23::json as categories, $25::text as empty_for
)

insert into processor_file (
  business_id, processor, account, name, path, as_of, imported_at, sha256, bytes, format, id_family, refund_id_pattern,
  payment_id_patterns, has_refund_fees, has_returned_fees, covers_from, covers_to, covers_from_at, covers_to_at,
  coverage_source, stray_lines, totals, totals_hold, categories, empty_for, records, accepted, known, quarantined, brought)
select params.*, 0, 0, 0, 0, '[]'
from params
on conflict (business_id, processor, account, sha256, empty_for) do update
set name = excluded.name, path = excluded.path, as_of = excluded.as_of, imported_at = excluded.imported_at,
    format = excluded.format, id_family = excluded.id_family, refund_id_pattern = excluded.refund_id_pattern,
    payment_id_patterns = excluded.payment_id_patterns, has_refund_fees = excluded.has_refund_fees,
    has_returned_fees = excluded.has_returned_fees, covers_from = excluded.covers_from, covers_to = excluded.covers_to,
    covers_from_at = excluded.covers_from_at, covers_to_at = excluded.covers_to_at,
    coverage_source = excluded.coverage_source, stray_lines = excluded.stray_lines, totals = excluded.totals,
    totals_hold = excluded.totals_hold, categories = excluded.categories, row_list = null, state = 'imported'
where processor_file.state = 'withdrawn'
returning
  processor_file.file_id,
  exists (
    select
    from processor_file as before
    where before.business_id = processor_file.business_id and before.file_id = processor_file.file_id) as was_withdrawn,
  exists (
    select
    from processor_row as stored
    where stored.business_id = processor_file.business_id and stored.processor = processor_file.processor
      and stored.account = processor_file.account and not stored.active) as has_withdrawn_rows
