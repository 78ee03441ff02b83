-- Undoes matches: their items are open again.
-- Grain: one row per record. $1 business, $2 matches
delete from match_item where business_id = $1::uuid and match_no = any ($2::bigint[])
