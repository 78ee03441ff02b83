-- Leaves of the staged lines only those whose transaction id an earlier one of them has, which has just been taken in:
-- they are then merged once more, and compared with it.
-- Grain: one row per staged line that goes.
-- $1 business, $2 processor, $3 account, $4 file, $5 the last row number before these lines were merged
with params as not materialized (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::bigint as file_id, $5::bigint as row_no
)

delete from staged_line as staged
where not exists (
  select
  from params
  join processor_row as known using (business_id, processor, account, file_id)
  where known.transaction_id = staged.transaction_id
    and known.row_no > params.row_no
    and known.line <> staged.line)
