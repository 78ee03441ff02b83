-- The payments that a processor reported under these ids: what was paid is the most that can be refunded of it.
-- Grain: one row per payment row and id that it bears.
-- $1 business, $2 payment ids
select named.processor, named.payment_id as key, line.amount
from (select distinct key from unnest($2::text[]) as key) as wanted
join row_of_payment named on named.business_id = $1::uuid and named.payment_id = wanted.key
join processor_row line on line.business_id = $1::uuid and line.row_no = named.row_no
where line.type = 'payment'
order by named.payment_id, named.processor, line.row_no
