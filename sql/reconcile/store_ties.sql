-- Notes which refund row each reversal belongs to, and with it its direction.
-- Grain: one row per reversal whose tie changed. $1 business; beside each other: $2 reversals, $3 their refunds or null, $4 directions
update processor_row line
set reversal_of = tie.reversal_of, direction = tie.direction
from unnest($2::bigint[], $3::bigint[], $4::text[]) as tie (row_no, reversal_of, direction)
where line.business_id = $1::uuid and line.row_no = tie.row_no
