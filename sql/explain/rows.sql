-- Rows as they are stored, with where they stand: why one counts nowhere, its match, or why it is open.
-- Grain: one row per row, in order. $1 business, $2 rows
select line.row_no, line.direction, line.processor, line.account, line.transaction_id, line.type, line.refund_id,
  line.payment_ids, line.reference_ids, line.amount, line.refund_fee, line.returned_fee, line.currency, line.occurred_at,
  line.occurred_on as on_date, line.payout_id, file.name as file, line.line, reversed.transaction_id as reverses,
  case when not line.active then 'withdrawn'
    when line.type not in ('refund', 'vendor_refund', 'refund_reversal') then 'other_type'
    when counted.row_no is null then 'empty' end as left_out,
  matched.match_no, matched.pass, open.state, open.island_no,
  matched.match_no is null and open.state is null and line.row_no > coalesce(run.item_mark, 0) as is_new,
  exists (
    select from touched_item touched
    where touched.business_id = $1::uuid and touched.item_no = line.row_no) as is_changed
from processor_row line
left join reconciliation run on run.business_id = $1::uuid
left join refund_row counted on counted.business_id = $1::uuid and counted.row_no = line.row_no
left join processor_file file on file.business_id = $1::uuid and file.file_id = line.file_id
left join processor_row reversed on reversed.business_id = $1::uuid and reversed.row_no = line.reversal_of
left join match_item matched on matched.business_id = $1::uuid and matched.row_no = line.row_no
left join open_item open on open.business_id = $1::uuid and open.item_no = line.row_no
where line.business_id = $1::uuid and line.row_no = any ($2::bigint[])
order by line.occurred_on, line.transaction_id, line.account, line.processor
