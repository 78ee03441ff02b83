-- The roll-forward carries: opening and what happened come to the closing, and the closing to the effects of what is open, summed
-- anew; after a closed month the opening is the closing that was signed. Holds after a run.
-- Grain: one row per line that does not hold.
select line.business_id, format('%s %s %s %s %s: the roll-forward does not carry', line.direction, line.processor, line.currency,
  line.month, line.measure) as wrong
from roll_forward line
left join (
  select month.business_id, month.month, found.direction, effect.processor, effect.currency, sum(effect.amount) as amount,
    sum(effect.refund_fee) as refund_fee, sum(effect.returned_fee) as returned_fee, count(distinct effect.discrepancy_id) as count
  from open_month month
  join run_day run on run.business_id = month.business_id
  join discrepancy found on found.business_id = month.business_id and found.status in ('open', 'acknowledged')
  join discrepancy_effect effect on effect.business_id = found.business_id and effect.discrepancy_id = found.discrepancy_id
  where effect.month <= month.month and (run.starts_on is null or to_date(effect.month, 'YYYY-MM') >= run.starts_on)
  group by month.business_id, month.month, found.direction, effect.processor, effect.currency
) summed
  on summed.business_id = line.business_id and summed.month = line.month and summed.direction = line.direction
  and summed.processor = line.processor and summed.currency = line.currency
left join lateral (
  select (signed -> 'closing' ->> line.measure)::numeric as closing
  from closed_month closed
  cross join lateral json_array_elements(closed.roll_forward) as signed
  where line.is_after_close and closed.business_id = line.business_id
    and closed.month = (select max(last.month) from month_close last where last.business_id = line.business_id and last.state = 'closed')
    and signed ->> 'direction' = line.direction and signed ->> 'processor' = line.processor and signed ->> 'currency' = line.currency
) before on true
where line.opening + line.new - line.cleared - line.resolved + case line.measure when 'count' then 0 else line.changed end <> line.closing
  or line.closing <> coalesce(
    case line.measure when 'amount' then summed.amount when 'refund_fee' then summed.refund_fee
      when 'returned_fee' then summed.returned_fee else summed.count end, 0)
  or line.is_after_close and line.opening <> coalesce(before.closing, 0)
