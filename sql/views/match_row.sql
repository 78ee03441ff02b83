-- Grain: one row per matched row, reversals and fee rows too.
select business_id, match_no, pass, balanced, row_no from match_item where row_no is not null
