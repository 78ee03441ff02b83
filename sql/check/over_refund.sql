-- OVER_REFUND: rows that hang together by payment ids, of one processor, currency and direction: there are payments
-- among them, and refunds less reversals exceed their sum. Lists all these rows, no legs; carries no difference.
-- Summed first, listed then, since nearly every group is in order.
-- Grain: one finding per such group of rows. Cannot see: payments that no imported file holds.
with exceeded as (
  select direction, processor, currency, label
  from tied_row
  group by direction, processor, currency, label
  having bool_or(type = 'payment')
    and sum(amount) filter (where type <> 'payment') > sum(amount) filter (where type = 'payment')
)
insert into finding (code, direction, leg_nos, row_nos, carries_amount, carries_refund_fee, carries_returned_fee)
select 'OVER_REFUND', direction, '{}', array_agg(row_no order by on_date, transaction_id, account, row_no), false, false, false
from exceeded join tied_row using (direction, processor, currency, label)
group by direction, processor, currency, label
order by direction, processor, currency, label
