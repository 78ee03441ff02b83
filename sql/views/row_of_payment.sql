-- The stored rows of any type by payment id. Look one up by business and payment id: each branch has an index.
-- Grain: one row per row and payment id.
select line.business_id, line.payment_ids[1] as payment_id, line.processor, line.row_no
from processor_row line where cardinality(line.payment_ids) > 0 and line.active
union all
select line.business_id, line.payment_ids[2], line.processor, line.row_no
from processor_row line where cardinality(line.payment_ids) > 1 and line.active
union all
select line.business_id, payment_id, line.processor, line.row_no
from processor_row line cross join unnest(line.payment_ids[3:]) as payment_id
where cardinality(line.payment_ids) > 2 and line.active
