-- Grain: one row per matched leg.
select business_id, match_no, pass, balanced, leg_no from match_item where leg_no is not null
