-- The matches that may need a finding, with what the checks ask: totals (legs less rows), whether a measure falls into
-- different months, and which larger fault they have. A fee is compared only where all items stand under per_refund.
-- Grain: one row per match that is not balanced and not wholly dated before the business's start.
select total.business_id, total.match_no, total.pass, total.direction, total.processor, total.leg_amount,
  total.amount, total.refund_fee, total.returned_fee, total.amount_moved, total.refund_fee_moved, total.returned_fee_moved,
  total.refund_fees_apart = 0 as refund_fee_compared, total.returned_fees_apart = 0 as returned_fee_compared,
  total.refund_fees_apart > 0 and total.refund_fees_compared > 0
    or total.returned_fees_apart > 0 and total.returned_fees_compared > 0 as is_mixed,
  total.legs > 0 and total.has_reversal as is_failed,
  total.legs > 0 and total.has_foreign_row as is_foreign,
  total.pass = 'refund_id' and total.processors > 1 as is_elsewhere,
  coalesce(setting.amount_tolerance, 0) as amount_tolerance, coalesce(setting.fee_tolerance, 0) as fee_tolerance
from (
  select part.business_id, part.match_no, min(part.pass) as pass, min(part.direction) as direction,
    min(part.processor) filter (where part.rows > 0) as processor, sum(part.leg_amount) as leg_amount, sum(part.legs) as legs,
    count(distinct part.processor) as processors,
    sum(part.amount) as amount, coalesce(sum(part.refund_fee), 0) as refund_fee,
    coalesce(sum(part.returned_fee), 0) as returned_fee, bool_or(part.amount <> 0) as amount_moved,
    coalesce(bool_or(part.refund_fee <> 0), false) as refund_fee_moved,
    coalesce(bool_or(part.returned_fee <> 0), false) as returned_fee_moved,
    sum(part.refund_fees_compared) as refund_fees_compared, sum(part.refund_fees_apart) as refund_fees_apart,
    sum(part.returned_fees_compared) as returned_fees_compared, sum(part.returned_fees_apart) as returned_fees_apart,
    bool_or(part.has_reversal) as has_reversal, bool_or(part.rows > 0 and part.currency <> business.currency) as has_foreign_row,
    max(part.last_on) as last_on, business.starts_on
  from match_part part
  join business on business.business_id = part.business_id
  group by part.business_id, part.match_no, business.starts_on
) total
left join processor_setting setting on setting.business_id = total.business_id and setting.processor = total.processor
where total.starts_on is null or total.last_on >= total.starts_on
