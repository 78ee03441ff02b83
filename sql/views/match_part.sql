-- What a match that may need a finding leaves between its legs and rows in a month of a processor and currency.
-- Grain: one row per match that is not balanced, month, processor and currency. A fee counts only under per_refund.
select item.business_id, item.match_no, min(item.pass) as pass, min(item.direction) as direction, item.month, item.processor,
  item.currency, count(item.leg_no) as legs, count(item.row_no) as rows,
  coalesce(sum(item.amount) filter (where item.leg_no is not null), 0) as leg_amount, sum(item.amount) as amount,
  sum(item.refund_fee) filter (where item.refund_fee_tie = 'per_refund') as refund_fee,
  sum(item.returned_fee) filter (where item.returned_fee_tie = 'per_refund') as returned_fee,
  count(*) filter (where item.refund_fee_tie = 'per_refund') as refund_fees_compared,
  count(*) filter (where item.refund_fee_tie <> 'per_refund') as refund_fees_apart,
  count(*) filter (where item.returned_fee_tie = 'per_refund') as returned_fees_compared,
  count(*) filter (where item.returned_fee_tie <> 'per_refund') as returned_fees_apart,
  bool_or(item.is_reversal) as has_reversal, max(item.on_date) as last_on
from (
  select matched.business_id, matched.match_no, matched.pass, leg.direction, leg.month, leg.processor, leg.currency,
    leg.leg_no, null::bigint as row_no, leg.amount, leg.refund_fee, leg.returned_fee, leg.refund_fee_tie, leg.returned_fee_tie,
    false as is_reversal, leg.on_date
  from match_leg matched
  join leg on leg.business_id = matched.business_id and leg.leg_no = matched.leg_no
  where not matched.balanced
  union all
  select matched.business_id, matched.match_no, matched.pass, line.direction, line.month, line.processor, line.currency,
    null, line.row_no, -line.amount, -line.refund_fee, -line.returned_fee, line.refund_fee_tie, line.returned_fee_tie,
    line.is_reversal, line.on_date
  from match_row matched
  join refund_row line on line.business_id = matched.business_id and line.row_no = matched.row_no
  where not matched.balanced
) item
group by item.business_id, item.match_no, item.month, item.processor, item.currency
