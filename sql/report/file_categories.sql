-- What kinds of line some files hold, by the files' own words.
-- Grain: one row per file, category, type and currency.
-- $1 business, $2 file ids
with params as (select $1::uuid as business_id, $2::bigint[] as file_ids)

select processor_file.file_id, kind.entry ->> 'category' as category, kind.entry ->> 'type' as type,
       kind.entry ->> 'currency' as currency, (kind.entry ->> 'count')::bigint as count,
       (kind.entry ->> 'amount')::numeric as amount
from params
join processor_file
  on processor_file.business_id = params.business_id and processor_file.file_id = any (params.file_ids)
cross join lateral json_array_elements(processor_file.categories) as kind (entry)
order by processor_file.file_id, kind.entry ->> 'type' collate "C", kind.entry ->> 'category' collate "C",
         kind.entry ->> 'currency' collate "C"
