-- Which of some keys are payment ids of stored rows, of any type, and whose.
-- Unnested: of a long array the planner would weigh each element.
-- Grain: one row per processor and key. $1 business, $2 keys
select line.processor, line.payment_ids[1] as key from processor_row line
where line.business_id = $1::uuid and cardinality(line.payment_ids) > 0 and line.payment_ids[1] = any (array(select unnest($2::text[]))) and line.active
union
select line.processor, line.payment_ids[2] from processor_row line
where line.business_id = $1::uuid and cardinality(line.payment_ids) > 1 and line.payment_ids[2] = any (array(select unnest($2::text[]))) and line.active
union
select line.processor, key
from processor_row line cross join unnest(line.payment_ids[3:]) as key
where line.business_id = $1::uuid and cardinality(line.payment_ids) > 2 and key in (select unnest($2::text[])) and line.active
