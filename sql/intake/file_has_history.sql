-- Whether an account has any row.
-- Grain: one row.
-- $1 business, $2 processor, $3 account
with params as not materialized (
  select $1::uuid as business_id, $2::text as processor, $3::text as account
)

select exists (
  select
  from params
  join processor_row using (business_id, processor, account)) as has_history
