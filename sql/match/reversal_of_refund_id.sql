-- The $2-th reversal of every refund_id finds its refund: of the rows with that refund_id the first in order of the
-- opposite amount that is not yet reversed, else the first in order (spec section 3), whatever its date and currency.
-- Grain: one reversal per refund_id and call. A reversal whose refund_id no row has belongs to none.
with params as not materialized (select $1::uuid as business_id, $2::bigint as turn),
reversed as (select distinct belongs_to as row_no from work_reversal where belongs_to is not null),
refund as (
  select
    reversal.row_no as reversal_no, line.row_no as refund_no,
    row_number() over (
      partition by reversal.row_no
      order by
        (line.amount = -reversal.amount and reversed.row_no is null) desc,
        line.occurred_on, line.transaction_id, line.account, line.row_no) as place
  from params
  join work_reversal reversal on reversal.turn = params.turn and reversal.refund_id is not null
  join processor_row line
    on line.business_id = params.business_id and line.type in ('refund', 'vendor_refund')
    and line.processor = reversal.processor and line.refund_id = reversal.refund_id
  left join reversed on reversed.row_no = line.row_no
)
update work_reversal reversal
set belongs_to = refund.refund_no
from refund
where refund.reversal_no = reversal.row_no and refund.place = 1
