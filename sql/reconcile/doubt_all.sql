-- After a change of the settings that say what needs a finding: takes back that matches are balanced.
-- Grain: one row per record. $1 business
update match_item matched set balanced = false where matched.business_id = $1::uuid and matched.balanced
