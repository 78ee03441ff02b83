-- A reversal without a refund_id asks among the refunds that share a payment_id with it, have its currency and the
-- opposite amount, lie on or before its date and are not yet reversed (spec section 3).
-- Where the run looks at everything ($2 is 0) all rows are read once, else each payment id is looked up (`offset 0`: one
-- by one, whatever the planner expects).
-- Grain: one row per reversal and refund row.
with params as not materialized (select $1::uuid as business_id, $2::bigint as item_mark),
asked as (
  select distinct reversal.row_no, reversal.processor, payment_id
  from work_reversal reversal cross join unnest(reversal.payment_ids) as payment_id
  where reversal.refund_id is null
),
payment as (
  select line.row_no, line.processor, own.payment_id
  from params
  join processor_row line on line.business_id = params.business_id and line.type in ('refund', 'vendor_refund')
  cross join unnest(line.payment_ids) as own (payment_id)
  where params.item_mark = 0 and exists (select from asked)
  -- the ids first, then one join by them: else every row is joined with every reversal of its processor
  offset 0
),
pair as (
  select asked.row_no as reversal_no, payment.row_no as refund_no
  from payment join asked on asked.processor = payment.processor and asked.payment_id = payment.payment_id
  union
  select asked.row_no, named.row_no
  from params cross join asked
  cross join lateral (
    select stored.row_no
    from payment_key stored
    where stored.business_id = params.business_id and stored.key = asked.payment_id
    offset 0
  ) known
  cross join lateral (
    select line.row_no
    from processor_row line
    where line.business_id = params.business_id and line.row_no = known.row_no
      and line.processor = asked.processor and line.type in ('refund', 'vendor_refund')
    offset 0
  ) named
  where params.item_mark > 0
),
free as (
  -- a hashed list: with `not exists` the planner, expecting few, compares each with each
  select pair.reversal_no, pair.refund_no from pair
  where pair.refund_no not in (select other.belongs_to from work_reversal other where other.belongs_to is not null)
),
allowed as (
  select reversal.row_no as reversal_no, line.row_no as refund_no,
    row_number() over (order by reversal.on_date, reversal.transaction_id, reversal.account, reversal.row_no, line.row_no) as asker_turn,
    row_number() over (order by line.occurred_on, line.transaction_id, line.account, line.row_no, reversal.row_no) as target_turn
  from params cross join free
  join work_reversal reversal on reversal.row_no = free.reversal_no
  join processor_row line on line.business_id = params.business_id and line.row_no = free.refund_no
  where line.currency = reversal.currency and line.amount = -reversal.amount and line.occurred_on <= reversal.on_date
)
insert into candidate
select
  reversal_no, refund_no,
  min(asker_turn) over (partition by reversal_no), min(target_turn) over (partition by refund_no)
from allowed
