-- FEE_TOTAL_MISMATCH: under a fee policy of `month`, the fees of a month that is over do not come to those of the books,
-- the fee lines counted. Needs fee lines to compare with; they have direction customer. Carries the whole difference.
-- Grain: one finding per direction, processor, currency, month and measure.
select line.business_id, 'FEE_TOTAL_MISMATCH' as code, line.direction, line.processor, line.currency, line.month, line.measure,
  '{}'::bigint[] as leg_nos, '{}'::bigint[] as row_nos, null::json as differs,
  case line.measure when 'refund_fee' then line.difference else 0 end as refund_fee,
  case line.measure when 'returned_fee' then line.difference else 0 end as returned_fee
from fee_total line
where line.is_compared
