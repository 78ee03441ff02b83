-- Records a file that has been read; what became of its lines is filled in by file_close.
-- Grain: one row, the file.
with params as (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::text as name, $5::text as sha256,
         $6::bigint as bytes, $7::text as format, $8::text as refund_id_pattern, $9::timestamptz as imported_at,
         $10::date as covers_from, $11::date as covers_to, $12::text as coverage_source, $13::json as totals,
         $14::boolean as totals_hold, $15::json as categories
)

insert into processor_file (
  business_id, processor, account, name, sha256, bytes, format, refund_id_pattern, imported_at, records, accepted,
  known, quarantined, covers_from, covers_to, coverage_source, totals, totals_hold, categories)
select
  params.business_id, params.processor, params.account, params.name, params.sha256, params.bytes, params.format,
  params.refund_id_pattern, params.imported_at, 0, 0, 0, 0, params.covers_from, params.covers_to,
  params.coverage_source, params.totals, params.totals_hold, params.categories
from params
returning processor_file.file_id
