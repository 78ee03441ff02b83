-- What a check says of legs, rows or a refund. The check is put in where it is named in braces.
-- Grain: one row per finding. $1 business, $2 legs, $3 rows, $4 the refund of a whole-refund finding, or null
select checked.*
from (
{check}
) checked
where checked.business_id = $1::uuid and checked.leg_nos = $2::bigint[] and checked.row_nos = $3::bigint[]
  and checked.refund_id is not distinct from $4::text
