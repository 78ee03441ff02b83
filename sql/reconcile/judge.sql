-- Notes which matches no check has anything to say of: they are not read again until an item or a setting changes.
-- Grain: one row per record. $1 business
update match_item matched set balanced = true
where matched.business_id = $1::uuid and not matched.balanced
  and matched.match_no not in (select finding.match_no from match_finding finding where finding.business_id = $1::uuid)
