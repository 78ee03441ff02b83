-- The findings that were signed as open at the end of the last closed month, with what each adds to the closing.
-- Grain: one row per finding, direction, processor and currency.
select closed.business_id, closed.month, carried.discrepancy_id, carried.direction, carried.processor, carried.currency,
  carried.amount, carried.refund_fee, carried.returned_fee
from closed_month closed
cross join lateral json_to_recordset(closed.carried) as carried (
  discrepancy_id text, direction text, processor text, currency text, amount numeric, refund_fee numeric, returned_fee numeric)
where not exists (
  select from month_close later
  where later.business_id = closed.business_id and later.state = 'closed' and later.month > closed.month)
