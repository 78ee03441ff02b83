-- Brings refund_key up to $2, the number up to which this run looks: from the mark that it has reached, which is 0 where
-- every run of the business so far looked at everything; then all of history is read, once. A row's refund id never changes
-- (a line that says otherwise is set aside as a conflict), and no row goes, so what is below the mark stays true.
-- Grain: one row per row that names a refund. Written in order, so that the key is filled from left to right.
with params as not materialized (select $1::uuid as business_id, $2::bigint as new_item_mark),
moved as (
  update reconciliation stored set refund_key_mark = params.new_item_mark
  from params
  where stored.business_id = params.business_id and stored.refund_key_mark < params.new_item_mark
)
insert into refund_key (business_id, key, row_no)
select params.business_id, line.refund_id, line.row_no
from params
join reconciliation stored on stored.business_id = params.business_id
join processor_row line
  on line.business_id = params.business_id and line.row_no > stored.refund_key_mark and line.row_no <= params.new_item_mark
where line.refund_id is not null
order by line.refund_id, line.row_no
