-- A page of what is in quarantine and counts, the first come first.
-- Grain: one row per record. $1 business, $2 number of the last record of the page before, or 0, $3 how many
select aside.quarantine_id
from open_quarantine aside
where aside.business_id = $1::uuid and aside.quarantine_id > $2::bigint
order by aside.quarantine_id
limit $3::bigint
