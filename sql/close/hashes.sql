-- The hashes of a business's closes.
-- Grain: one row per close. $1 business
select close.month, close.edition, close.sha256
from close
where close.business_id = $1::uuid
