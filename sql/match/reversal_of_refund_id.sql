-- The $2-th reversal of every refund_id finds its refund: of the rows with that refund_id the first in order of the
-- opposite amount that is not yet reversed, else the first in order (spec section 3), whatever its date and currency.
-- Where the run looks at everything ($3 is 0) all rows are read, else each refund id is looked up (`offset 0`: one by one,
-- whatever the planner expects).
-- Grain: one reversal per refund_id and call. A reversal whose refund_id no row has belongs to none.
with params as not materialized (select $1::uuid as business_id, $2::bigint as turn, $3::bigint as item_mark),
asked as (
  select reversal.row_no, reversal.amount, reversal.processor, reversal.refund_id
  from params join work_reversal reversal on reversal.turn = params.turn and reversal.refund_id is not null
),
named as (
  select asked.row_no as reversal_no, asked.amount as reversal_amount, line.*
  from params
  join processor_row line on line.business_id = params.business_id and line.type in ('refund', 'vendor_refund')
  join asked on asked.processor = line.processor and asked.refund_id = line.refund_id
  where params.item_mark = 0
  union all
  select asked.row_no, asked.amount, line.*
  from params cross join asked
  cross join lateral (
    select stored.row_no
    from refund_key stored
    where stored.business_id = params.business_id and stored.key = asked.refund_id
    offset 0
  ) known
  cross join lateral (
    select line.*
    from processor_row line
    where line.business_id = params.business_id and line.row_no = known.row_no
      and line.processor = asked.processor and line.type in ('refund', 'vendor_refund')
    offset 0
  ) line
  where params.item_mark > 0
),
reversed as (select distinct belongs_to as row_no from work_reversal where belongs_to is not null),
refund as (
  select
    line.reversal_no, line.row_no as refund_no,
    row_number() over (
      partition by line.reversal_no
      order by
        (line.amount = -line.reversal_amount and reversed.row_no is null) desc,
        line.occurred_on, line.transaction_id, line.account, line.row_no) as place
  from named line
  left join reversed on reversed.row_no = line.row_no
)
update work_reversal reversal
set belongs_to = refund.refund_no
from refund
where refund.reversal_no = reversal.row_no and refund.place = 1
