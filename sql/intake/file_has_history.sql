-- Whether an account has any row: then a file that has been taken in brought it.
-- Grain: one row.
-- $1 business, $2 processor, $3 account
with params as not materialized (
  select $1::uuid as business_id, $2::text as processor, $3::text as account
)

select exists (
  select
  from params
  join processor_file as file using (business_id, processor, account)
  where file.accepted > 0) as has_history
