-- Counts the staged lines without an id of their own that were taken for rows of earlier files, as they say the same.
-- Grain: one row, with the number of lines.
-- $1 business, $2 processor, $3 account, $4 file, $5 how derived ids begin
with params as not materialized (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::bigint as file_id, $5::text as beginning
)

select count(*) as same
from params
cross join staged_line as staged
cross join lateral (
  select stored.file_id
  from processor_row as stored
  where stored.business_id = params.business_id and stored.transaction_id = staged.transaction_id
    and stored.processor = params.processor and stored.account = params.account
  limit 1
) as known
where starts_with(staged.transaction_id, params.beginning) and known.file_id <> params.file_id
  and not exists (
    select
    from differing_line as differing
    where differing.is_conflict and differing.line = staged.line and differing.transaction_id = staged.transaction_id)
