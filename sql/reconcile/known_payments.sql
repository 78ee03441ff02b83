-- Which of some keys are payment ids of stored rows, of any type, and whose.
-- Grain: one row per processor and key. $1 business, $2 keys
with params as not materialized (select $1::uuid as business_id, $2::text[] as keys)
select distinct paid.processor, asked.key
from params
cross join unnest(params.keys) as asked (key)
join row_of_payment paid on paid.business_id = params.business_id and paid.payment_id = asked.key
