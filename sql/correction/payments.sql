-- The payments that a processor reported under these ids: what was paid is the most that can be refunded of it.
-- Grain: one row per payment row and id that it bears.
-- $1 business, $2 payment ids
select line.processor, named.key, line.amount
from processor_row line
cross join unnest(line.payment_ids) as named (key)
where line.business_id = $1::uuid and line.type = 'payment' and line.payment_ids && $2::text[]
  and named.key = any ($2::text[])
order by named.key, line.processor, line.row_no
