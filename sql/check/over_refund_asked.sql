-- Whether OVER_REFUND can be found at all: some file holds payments.
-- Grain: one row.
with params as not materialized (select $1::uuid as business_id)
select exists (
  select
  from params
  join processor_file file on file.business_id = params.business_id
  cross join json_array_elements(file.categories) as counted (category)
  where counted.category ->> 'type' = 'payment') as asked
