-- The findings that say that a closed month changed.
-- Grain: one row per finding. $1 business, $2 month
select found.discrepancy_id, found.status
from discrepancy found
where found.business_id = $1::uuid and found.code = 'CHANGED_AFTER_CLOSE' and found.month = $2::text and found.status <> 'cleared'
order by found.discrepancy_id
