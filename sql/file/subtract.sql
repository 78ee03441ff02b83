-- Of refunds that a file states as totals of their payment so far ('PAYMENT:refunded:1200'), leaves what is new: the total less
-- the next smaller one that is stored or staged. A total that a larger stored one holds already is staged no more.
-- Grain: no rows; the staged lines are changed.
-- Volume: the refunds of one file, each looked up in the index of transaction ids.
-- $1 business, $2 processor, $3 account, $4 what stands before the total
with params as not materialized (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::text as mark
),

staged_total as (
  select
    staged.line, staged.transaction_id, split_part(staged.transaction_id, params.mark, 1) || params.mark as payment,
    split_part(staged.transaction_id, params.mark, 2)::bigint as total
  from params
  cross join staged_line as staged
  where staged.type = 'refund' and strpos(staged.transaction_id, params.mark) > 0
),

stored_total as (
  select
    staged.line, staged.transaction_id, stored.amount, split_part(stored.transaction_id, params.mark, 2)::bigint as total
  from params
  cross join staged_total as staged
  cross join lateral (
    select stored.transaction_id, stored.amount
    from processor_row as stored
    where stored.business_id = params.business_id and stored.transaction_id > staged.payment
      and stored.transaction_id < staged.payment || '~' and stored.processor = params.processor
      and stored.account = params.account and stored.active and stored.type = 'refund'
  ) as stored
),

held as (
  delete from staged_line
  using staged_total as staged
  join stored_total as stored on stored.line = staged.line and stored.transaction_id = staged.transaction_id
  where staged_line.line = staged.line and staged_line.transaction_id = staged.transaction_id
    and stored.total > staged.total and stored.total - stored.amount < staged.total
  returning staged.line, staged.transaction_id
),

smaller as (
  select staged.line, staged.transaction_id, max(other.total) as total
  from staged_total as staged
  cross join lateral (
    select stored.total from stored_total as stored
    where stored.line = staged.line and stored.transaction_id = staged.transaction_id
    union all
    select beside.total from staged_total as beside where beside.payment = staged.payment
  ) as other
  where other.total < staged.total
    and not exists (
      select from held where held.line = staged.line and held.transaction_id = staged.transaction_id)
  group by staged.line, staged.transaction_id
)

update staged_line
set amount = staged_line.amount - smaller.total
from smaller
where staged_line.line = smaller.line and staged_line.transaction_id = smaller.transaction_id
