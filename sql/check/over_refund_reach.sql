-- OVER_REFUND, where not everything is looked at: the rows whose groups may have changed since the last run ($2: its
-- mark), or stand as findings. They are the new rows and those of the findings, and all that hangs together with them by
-- payment ids or refund ids, whatever the type, currency and direction. What hangs together so has in it everything that
-- decides which refund its reversals belong to, and their direction: without a new row in it nothing in it has changed.
-- A row leads to its ids, and an id, once, to the rows that name it; so a payment of n rows takes n steps, not n * n.
-- `offset 0`: one look-up each, whatever the planner expects.
-- Grain: one row per row. Volume: one or two per new row. Measured in seconds of CPU, on one of two shared cores:
--   a night of 2,100 new lines on a history of payments    1,000,000   2,000,000 (refunds: a fifth of them)
--   this                                                       0.06        0.1
--   the whole run, with as many open items on both        0.5 to 0.7         0.7
--   the whole run, when it read all rows for it                   68    over 200
with recursive params as not materialized (select $1::uuid as business_id, $2::bigint as item_mark),
seed as (
  select line.processor, line.row_no
  from params join processor_row line on line.business_id = params.business_id and line.row_no > params.item_mark
  where line.type <> 'other'
  union
  select line.processor, line.row_no
  from params
  join discrepancy found
    on found.business_id = params.business_id and found.code = 'OVER_REFUND' and found.status <> 'cleared'
  join discrepancy_row listed
    on listed.business_id = params.business_id and listed.discrepancy_id = found.discrepancy_id
  join processor_row line on line.business_id = params.business_id and line.row_no = listed.row_no
),
reached (processor, row_no, payment_id, refund_id) as (
  select seed.processor, seed.row_no, null::text collate "C", null::text collate "C" from seed
  union
  select reached.processor, next.row_no, next.payment_id, next.refund_id
  from params cross join reached cross join lateral (
    select null::bigint as row_no, named.key collate "C" as payment_id, null::text collate "C" as refund_id
    from processor_row line cross join unnest(line.payment_ids) as named (key)
    where line.business_id = params.business_id and line.row_no = reached.row_no
    union all
    select null, null, line.refund_id
    from processor_row line
    where line.business_id = params.business_id and line.row_no = reached.row_no and line.refund_id is not null
    union all
    select named.row_no, null, null
    from (
      select stored.row_no
      from payment_key stored
      where stored.business_id = params.business_id and stored.key = reached.payment_id
      union all
      select stored.row_no
      from refund_key stored
      where stored.business_id = params.business_id and stored.key = reached.refund_id
      offset 0
    ) known
    cross join lateral (
      select line.row_no
      from processor_row line
      where line.business_id = params.business_id and line.row_no = known.row_no
        and line.processor = reached.processor and line.type <> 'other'
      offset 0
    ) named
  ) next
)
insert into reached_row
select reached.row_no from reached where reached.row_no is not null
