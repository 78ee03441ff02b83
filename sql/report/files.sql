-- The processor files imported, withdrawn ones too; with months given, those that cover a date in them, or none at all.
-- Grain: one row per file.
-- $1 business, $2 first month or null, $3 last month or null
-- Some thousands of files over the years, read through a cursor.
with params as not materialized (select $1::uuid as business_id, $2::text as from_month, $3::text as to_month)

select processor_file.business_id, processor_file.file_id, processor_file.processor, processor_file.account,
       processor_file.name, processor_file.path, processor_file.sha256, processor_file.bytes, processor_file.format,
       processor_file.state, processor_file.imported_at, processor_file.records, processor_file.accepted,
       processor_file.known, processor_file.same_as_earlier, processor_file.quarantined, processor_file.covers_from, processor_file.covers_to,
       processor_file.coverage_source, processor_file.totals_hold
from params
join processor_file on processor_file.business_id = params.business_id
where processor_file.covers_from is null
   or ((params.from_month is null or processor_file.covers_to >= (params.from_month || '-01')::date)
       and (params.to_month is null
            or processor_file.covers_from < (params.to_month || '-01')::date + interval '1 month'))
order by processor_file.processor, processor_file.account, processor_file.covers_from nulls last,
         processor_file.name, processor_file.sha256
