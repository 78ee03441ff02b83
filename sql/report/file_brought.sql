-- What some files brought: first and last id of the rows they were first to hold, and the sum of the refunds,
-- reversals and vendor refunds among them.
-- Grain: one row per file and currency.
-- $1 business, $2 file ids
with params as (select $1::uuid as business_id, $2::bigint[] as file_ids)

select processor_file.file_id, part.entry ->> 'currency' as currency, (part.entry ->> 'rows')::bigint as rows,
       part.entry ->> 'first_id' as first_id, part.entry ->> 'last_id' as last_id,
       (part.entry ->> 'amount')::numeric as amount
from params
join processor_file
  on processor_file.business_id = params.business_id and processor_file.file_id = any (params.file_ids)
cross join lateral json_array_elements(processor_file.brought) as part (entry)
order by processor_file.file_id, part.entry ->> 'currency' collate "C"
