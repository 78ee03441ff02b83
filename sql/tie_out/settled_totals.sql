-- How much of the matching is settled: what was, less what this run took apart, with what it settled. A run that looks at
-- everything ($2 is 0) starts from nothing. A settled pair's leg and row have one amount.
-- Grain: one row per direction and processor.
with params as not materialized (select $1::uuid as business_id, $2::bigint as item_mark),
change as (
  select pair.direction, pair.processor, count(*) as pairs, sum(pair.amount) as amount
  from settled_pair pair
  group by pair.direction, pair.processor
  union all
  select case line.type when 'vendor_refund' then 'vendor' else 'customer' end, line.processor, -count(*), -sum(line.amount)
  from params cross join woken_row woken
  join processor_row line on line.business_id = params.business_id and line.row_no = woken.row_no
  group by 1, 2
),
summed as (
  select direction, processor, sum(pairs) as pairs, sum(amount) as amount from change group by direction, processor
)
insert into settled_total (business_id, direction, processor, pass, pairs, amount)
select params.business_id, summed.direction, summed.processor, 'refund_id', summed.pairs, summed.amount from params cross join summed
on conflict (business_id, direction, processor, pass) do update
set pairs = settled_total.pairs + excluded.pairs, amount = settled_total.amount + excluded.amount
