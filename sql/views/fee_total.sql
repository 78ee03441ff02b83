-- The tie-out lines of fees that are not compared refund by refund, and whether they can be compared as totals: the month is
-- over, and has fee lines (spec section 6).
-- Grain: one row per direction, processor, currency, month and measure of fees that differ.
select line.business_id, line.direction, line.processor, line.currency, line.month, line.measure, line.tied, line.difference,
  line.tied = 'month' and line.fee_lines > 0
    and (to_date(line.month, 'YYYY-MM') + interval '1 month')::date <= run.today as is_compared
from tie_out_line line
join run_day run on run.business_id = line.business_id
where line.measure in ('refund_fee', 'returned_fee') and line.tied in ('month', 'none') and line.difference <> 0
