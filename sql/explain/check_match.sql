-- What a check says of a match. The check is put in where it is named in braces.
-- Grain: one row per finding. $1 business, $2 match
select checked.*
from (
{check}
) checked
where checked.business_id = $1::uuid and checked.match_no = $2::bigint
