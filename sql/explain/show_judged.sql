-- The match as the checks read it; nothing where it is balanced, so that no check has anything to say of it.
-- Grain: one row. $1 business, $2 match
select judged.*
from match_judged judged
where judged.business_id = $1::uuid and judged.match_no = $2::bigint
