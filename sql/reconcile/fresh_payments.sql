-- The payment ids of rows of any type that are new or changed, and of the refunds of reversals that changed; of very many only some.
-- Grain: one row. $1 business, $2 the last number that the last run looked at, $3 how many at most
select array(
  select payment_id
  from (
    select unnest(line.payment_ids) as payment_id from processor_row line
    where line.business_id = $1::uuid and line.row_no > $2::bigint and line.type <> 'other'
    union
    select unnest(line.payment_ids)
    from touched_item touched
    join processor_row line on line.business_id = touched.business_id and line.row_no = touched.item_no
    where touched.business_id = $1::uuid
    union
    select unnest(refund.payment_ids)
    from touched_item touched
    join processor_row reversal on reversal.business_id = touched.business_id and reversal.row_no = touched.item_no
    join processor_row refund on refund.business_id = touched.business_id and refund.row_no = reversal.reversal_of
    where touched.business_id = $1::uuid
  ) fresh
  limit $3::bigint
) as payment_ids
