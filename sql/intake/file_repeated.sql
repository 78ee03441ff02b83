-- Leaves of the staged lines only those whose transaction id an earlier line of this file has brought: they are then
-- compared with it.
-- Grain: one row per staged line that goes.
-- $1 business, $2 processor, $3 account, $4 file, $5 the last row number before: rows with a higher one count
with params as not materialized (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::bigint as file_id, $5::bigint as row_no
)

delete from staged_line as staged
where not exists (
  select
  from params
  join processor_row as known using (business_id, processor, account)
  where known.transaction_id = staged.transaction_id
    and known.file_id = params.file_id
    and known.row_no > params.row_no
    and known.line <> staged.line)
