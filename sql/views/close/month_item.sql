-- What the tie-out sums: legs that are not outside processors, rows, and lines of fees. Look it up by business and dates.
-- Grain: one row per leg or row.
select leg.business_id, leg.leg_no as item_no, leg.direction, leg.processor, leg.currency, leg.on_date,
  leg.amount, leg.refund_fee, leg.returned_fee
from leg
where not leg.is_outside
union all
select line.business_id, line.row_no, line.direction, line.processor, line.currency, line.on_date,
  line.amount, line.refund_fee, line.returned_fee
from refund_row line
union all
select fee.business_id, fee.row_no, fee.direction, fee.processor, fee.currency, fee.on_date, 0, fee.refund_fee, fee.returned_fee
from fee_line fee
