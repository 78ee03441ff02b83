-- The payments that a processor reported under these ids: what was paid is the most that can be refunded of it.
-- Grain: one row per payment row and id that it bears.
-- $1 business, $2 payment ids
select line.processor, named.key, line.amount
from processor_row line
cross join unnest(line.payment_ids) as named (key)
join (select distinct key from unnest($2::text[]) as key) as wanted on wanted.key = named.key
where line.business_id = $1::uuid and line.type = 'payment'
order by named.key, line.processor, line.row_no
