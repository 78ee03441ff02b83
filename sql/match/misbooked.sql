-- The pairs of which a payment that they are booked against is known: it is a payment id of another row of the processor,
-- of whatever type and direction (ALLOCATION_TARGET_MISMATCH). Where no row is it there is nothing to say, so far.
-- Where the run looks at everything ($2 is 0) all rows are read once, else each payment is looked up (`offset 0`: one by
-- one, whatever the planner expects).
-- Grain: one row per leg and row.
with params as not materialized (select $1::uuid as business_id, $2::bigint as item_mark),
payment as (
  select line.processor, own.payment_id
  from params
  join processor_row line on line.business_id = params.business_id
  cross join unnest(line.payment_ids) as own (payment_id)
  where params.item_mark = 0
  -- the ids first, then one join by them: else every row is joined with every pair of its processor
  offset 0
)
insert into misbooked
select asked.leg_no, asked.row_no
from payment join elsewhere_key asked on asked.processor = payment.processor and asked.key = payment.payment_id
union
select asked.leg_no, asked.row_no
from params cross join elsewhere_key asked
cross join lateral (
  select stored.row_no
  from payment_key stored
  where stored.business_id = params.business_id and stored.key = asked.key
  offset 0
) known
cross join lateral (
  select from processor_row line
  where line.business_id = params.business_id and line.row_no = known.row_no and line.processor = asked.processor
  offset 0
) named
where params.item_mark > 0
