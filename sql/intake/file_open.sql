-- Begins a file, so that its rows can name it; what it is and what became of its lines is filled in by file_close.
-- Grain: one row, the file, and the last row number before it.
with params as (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::text as name,
         $5::timestamptz as imported_at
)

insert into processor_file (
  business_id, processor, account, name, sha256, bytes, format, imported_at, records, accepted, known, quarantined,
  coverage_source, totals, totals_hold, categories, brought)
select
  params.business_id, params.processor, params.account, params.name, 'not read to its end', 0, '', params.imported_at,
  0, 0, 0, 0, 'none', '[]', true, '[]', '[]'
from params
returning processor_file.file_id
