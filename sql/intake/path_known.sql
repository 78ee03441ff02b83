-- What is known of files by where they lie: the state of the disk in which their bytes were those of an imported file.
-- Grain: one row per path that is known.
-- $1 business, $2 processor, $3 account, $4 paths
with params as not materialized (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::text[] as paths
)

select known.path, known.state, processor_file.name, processor_file.sha256, processor_file.imported_at
from params
join file_path as known
  on known.business_id = params.business_id and known.processor = params.processor and known.account = params.account
    and known.path = any(params.paths)
join processor_file on processor_file.business_id = params.business_id and processor_file.file_id = known.file_id
