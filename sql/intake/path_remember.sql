-- Remembers in what state of the disk a path has the bytes of an imported file.
-- Grain: one row, none where no file of the account has such bytes.
-- $1 business, $2 processor, $3 account, $4 path, $5 state, $6 sha256 of the bytes
with params as (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::text as path, $5::text as state,
         $6::text as sha256
)

insert into file_path (business_id, processor, account, path, state, file_id)
select params.business_id, params.processor, params.account, params.path, params.state, processor_file.file_id
from params
join processor_file using (business_id, processor, account, sha256)
on conflict (business_id, processor, account, path)
do update set state = excluded.state, file_id = excluded.file_id
