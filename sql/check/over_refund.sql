-- OVER_REFUND: rows that hang together by payment ids, of one processor, currency and direction: there are payments
-- among them, and refunds less reversals exceed their sum. Lists all these rows, no legs; carries no difference.
-- Grain: one finding per such group of rows. Cannot see: payments that no imported file holds.
insert into finding (code, direction, leg_nos, row_nos, carries_amount, carries_refund_fee, carries_returned_fee)
select 'OVER_REFUND', direction, '{}', array_agg(row_no order by on_date, transaction_id, account, row_no), false, false, false
from tied_row
group by direction, processor, currency, label
having bool_or(type = 'payment')
  and sum(amount) filter (where type <> 'payment') > sum(amount) filter (where type = 'payment')
order by direction, processor, currency, label
