-- The amounts of fees that were typed in.
-- Grain: one row per month, processor, account and currency. $1 business
select typed.month, typed.processor, typed.account, typed.currency, typed.amount, typed.by_name as by, typed.at, typed.note
from fee_amount typed
where typed.business_id = $1::uuid
order by typed.month, typed.processor, typed.account, typed.currency
