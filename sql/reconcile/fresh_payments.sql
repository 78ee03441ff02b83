-- The payment ids of rows of any type that are new or changed, and of the refunds of reversals that changed.
-- Grain: one row. $1 business, $2 the last number that the last run looked at, $3 changed rows
select array(
  select unnest(line.payment_ids) from processor_row line
  where line.business_id = $1::uuid and line.row_no > $2::bigint and line.type <> 'other'
  union
  select unnest(line.payment_ids)
  from (select distinct unnest($3::bigint[]) as row_no) item
  join processor_row line on line.business_id = $1::uuid and line.row_no = item.row_no
  union
  select unnest(refund.payment_ids)
  from (select distinct unnest($3::bigint[]) as row_no) item
  join processor_row reversal on reversal.business_id = $1::uuid and reversal.row_no = item.row_no
  join processor_row refund on refund.business_id = $1::uuid and refund.row_no = reversal.reversal_of
) as payment_ids
