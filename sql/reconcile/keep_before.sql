-- Keeps the matches as they are, before everything is matched anew.
-- Grain: one row per record. $1 business
insert into match_before (business_id, match_no, pass, leg_no, row_no)
select business_id, match_no, pass, leg_no, row_no from match_item where business_id = $1::uuid
