-- Stores matches: a pair as one record, a larger match as one record for each leg and each row.
-- Grain: one row per record. $1 business; beside each other: $2 matches, $3 passes, $4 legs, $5 rows, $6 the legs' amounts
insert into match_item (business_id, match_no, pass, leg_no, row_no, leg_amount)
select $1::uuid, item.match_no, item.pass, item.leg_no, item.row_no, item.leg_amount
from unnest($2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[]) as item (match_no, pass, leg_no, row_no, leg_amount)
