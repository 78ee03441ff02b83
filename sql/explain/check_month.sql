-- What a check says of a month as a whole. The check is put in where it is named in braces.
-- Grain: one row per finding. $1 business, $2 direction, $3 processor, $4 currency, $5 month, $6 measure, or null
select checked.*
from (
{check}
) checked
where checked.business_id = $1::uuid and checked.direction = $2::text and checked.processor = $3::text
  and checked.currency = $4::text and checked.month = $5::text and checked.measure is not distinct from $6::text
